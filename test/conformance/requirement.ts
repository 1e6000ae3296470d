export const LEVELS = ['MUST', 'MUST NOT', 'SHOULD', 'SHOULD NOT', 'MAY'] as const;

/** One thing that an RFC asks of a service provider. SHALL and REQUIRED count as MUST, RECOMMENDED as SHOULD, OPTIONAL as MAY. */
export interface Requirement {
  /** RFC, section and number in the section: `7644-3.5.2.3-1`. */
  readonly id: string;
  readonly section: string;
  readonly level: (typeof LEVELS)[number];
  /** What the server has to do, in one sentence. */
  readonly text: string;
  /** Why no test can show it or, with `followed: false`, why it is not followed. */
  readonly reason?: string;
  /** False for a rule that is not followed, and for an option that is not used. */
  readonly followed?: false;
}

/** An RFC with what it asks. */
export interface Rfc {
  readonly number: number;
  readonly title: string;
  /** Headings of the sections that ask something, by number. */
  readonly sections: Readonly<Record<string, string>>;
  readonly requirements: readonly Requirement[];
}
