interface Device {
  /** Such as `Firefox on Linux`. */
  readonly name: string;
  readonly isMobile: boolean;
}

// most browsers also say the names of those that were there before them: the first one that fits is it
const BROWSERS = [
  [/\bEdg\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/\bChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
] as const;

const SYSTEMS = [
  [/\biPhone\b|\biPad\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
] as const;

/** What a User-Agent header seems to say. */
export function deviceOf(userAgent: string): Device {
  const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  const isMobile = system === 'iOS' || system === 'Android';
  if (browser === undefined) return { name: userAgent.slice(0, 60) || 'An unknown program', isMobile };
  return { name: system === undefined ? browser : `${browser} on ${system}`, isMobile };
}
