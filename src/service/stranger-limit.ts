/** Requests without right credentials that are kept: so many at once, and so many a second in the long run. */
interface Bucket {
  readonly burst: number;
  readonly perSecond: number;
}

/** Those that name a credential are what people look for while they connect a provider; the others may be anybody's. */
const BUCKETS = {
  named: { burst: 100, perSecond: 5 },
  other: { burst: 100, perSecond: 2 },
} as const satisfies Readonly<Record<string, Bucket>>;

export type StrangerKind = keyof typeof BUCKETS;

/**
 * Decides which requests without right credentials are kept, so that a flood of them can't fill the log.
 *
 * @param now milliseconds on a clock that only goes on
 */
export function createStrangerLimit(now: () => number): (kind: StrangerKind) => boolean {
  const levels = new Map<StrangerKind, { tokens: number; at: number }>();
  return (kind) => {
    const { burst, perSecond } = BUCKETS[kind];
    const at = now();
    const level = levels.get(kind) ?? { tokens: burst, at };
    const tokens = Math.min(burst, level.tokens + ((at - level.at) / 1000) * perSecond);
    const isKept = tokens >= 1;
    levels.set(kind, { tokens: isKept ? tokens - 1 : tokens, at });
    return isKept;
  };
}
