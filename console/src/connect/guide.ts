/** What goes into a field of a provider: something of the integration, or a text as it stands. */
export type GuideValue =
  | { readonly of: 'baseUrl' | 'token' | 'username' | 'password' }
  | { readonly text: string }
  /** What is to be chosen, which is not pasted. */
  | { readonly choose: string };

type Authorization = 'bearer' | 'basic';

interface GuideField {
  /** As the provider calls it. */
  readonly label: string;
  readonly value: GuideValue;
  readonly note?: string;
  /** The authorization type that it belongs to; absent: any. */
  readonly auth?: Authorization;
}

/** A place of the provider's console with the fields that are filled in there. */
interface GuideForm {
  /** What to click to get there. */
  readonly path: readonly string[];
  readonly note?: string;
  readonly fields: readonly GuideField[];
  /** What to do there at last. */
  readonly end: string;
}

/** How a provider is connected: which value goes into which of its fields. */
export interface Guide {
  readonly id: string;
  readonly name: string;
  /** The authorization types that it knows. */
  readonly auths: readonly Authorization[];
  /** Whether it also sends users without a primary e-mail address, which Roster asks for by default. */
  readonly omitsPrimaryEmail?: boolean;
  readonly forms: readonly GuideForm[];
  /** What to do in it besides. */
  readonly remarks: readonly string[];
  /** What its test of the connection sends. */
  readonly test: string;
}
