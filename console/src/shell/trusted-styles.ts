interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown;
}

/**
 * The content security policy lets no text become markup. React writes what is in Mantine's style tags in a way that
 * browsers count as markup; text without an angle bracket is none whatever becomes of it, and may pass.
 */
export function trustOwnStyles(): void {
  // by which libraries that make style tags of their own know the nonce
  Object.assign(globalThis, { __webpack_nonce__: styleNonce() });
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy('default', {
    createHTML(text) {
      if (text.includes('<')) throw new TypeError('Text may not become markup here.');
      return text;
    },
  });
}

/** What style tags made by scripts have to carry; the server writes it into the page. */
export const styleNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
