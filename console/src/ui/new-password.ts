export const MIN_PASSWORD_LENGTH = 15;

export const PASSWORD_ADVICE = `At least ${MIN_PASSWORD_LENGTH} characters. A few words that have nothing to do with each other are easy to keep.`;

/** What is wrong with a new password, as far as it can be told without the server. */
export const passwordComplaint = (password: string): string | null =>
  [...password].length < MIN_PASSWORD_LENGTH
    ? `Use at least ${MIN_PASSWORD_LENGTH} characters; these are ${[...password].length}.`
    : null;

/** What is wrong with what was typed a second time. */
export const repetitionComplaint = (repeated: string, password: string): string | null =>
  repeated === password ? null : 'This is not the same password.';
