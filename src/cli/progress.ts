import cliProgress from 'cli-progress';

/** Shows how far something long has come. */
export interface ProgressBar {
  update(done: number, total?: number): void;
  stop(): void;
}

const NO_BAR: ProgressBar = { update() {}, stop() {} };

/**
 * A bar on stderr, on a terminal only.
 *
 * @param what such as `Exporting`
 * @param total how many there are; undefined: told with the first update
 */
export function progressBar(what: string, total?: number): ProgressBar {
  if (!process.stderr.isTTY) return NO_BAR;
  const bar = new cliProgress.SingleBar(
    { format: `${what} {bar} {percentage}% | {eta_formatted} left`, hideCursor: true, clearOnComplete: true },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total ?? 1, 0);
  return {
    update(done, of) {
      if (of !== undefined) bar.setTotal(of);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
