import { z } from 'zod';

/** What several areas of the admin API have in common. */

/** Whether a time has a year of four digits in UTC, as every time is written: the offset may lead out of them. */
function isWithinYears(text: string): boolean {
  const year = new Date(text).getUTCFullYear();
  // what is no time is refused already
  return !(year < 0 || year > 9999);
}

export const time = z.iso
  .datetime({ offset: true })
  .refine(isWithinYears, 'Give a time of the years 0000 to 9999 in UTC.')
  .meta({ description: 'ISO 8601, UTC.', examples: ['2026-11-22T09:30:00.000Z'] });

export const domain = z
  .string()
  .min(1)
  .max(253)
  .meta({ description: 'Domain of a tenant.', examples: ['acme.com'] });

export const id = z
  .string()
  .min(1)
  .max(200)
  .meta({ examples: ['k3v7q2m5x4ab'] });

export const emailAddress = z
  .email('Give an e-mail address, such as jo@example.com.')
  .max(254)
  .meta({ examples: ['jo@example.com'] });

export const tenantParams = z.object({ tenant: domain });

/** Any JSON value. The document says nothing of it: it has no way to say that JSON is within JSON. */
export const json = z.unknown() as unknown as ReturnType<typeof z.json>;

/** Any JSON object, such as a SCIM resource. */
export const jsonObject = z.record(z.string(), json);

/** A refusal (RFC 9457). */
export const problem = z
  .object({
    type: z.string().meta({
      description:
        '`urn:roster:reauthenticate`: confirm who you are and repeat the request. Else `about:blank`.',
    }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What happened and what to do.' }),
    scimType: z
      .string()
      .optional()
      .meta({ description: 'Of RFC 7644 section 3.12, where SCIM has refused.' }),
    position: z.int().optional().meta({ description: 'Where in a filter reading stopped, from 1.' }),
    fields: z
      .array(z.object({ path: z.string().meta({ examples: ['name'] }), message: z.string() }))
      .optional()
      .meta({ description: 'What is wrong with which value of the request.' }),
    requestId: z.string(),
  })
  .meta({ id: 'Problem' });

/** A text in a query; no database keeps a NUL. */
export const queryText = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\0]*$/, 'There is a character in it that no text has.');

/** A whole number in a query. */
const count = z.coerce.number<number | string>().int();

/** The query of a list that goes on behind an item. */
export const keysetQuery = z.object({
  after: queryText(500).optional().meta({ description: '`next` of the page before.' }),
  limit: count.min(1).max(200).default(50),
});

/** A page of a list that goes on behind an item. */
export const keysetPage = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    next: z.string().optional().meta({ description: 'Absent: this was the last page.' }),
  });

/** The query of a list by place. */
export const indexQuery = z.object({
  startIndex: count.min(1).default(1),
  count: count.min(0).max(200).default(50),
});

/** The secret of a credential, shown once. */
export const issuedSecret = z
  .discriminatedUnion('auth', [
    z.object({ auth: z.literal('bearer'), token: z.string() }),
    z.object({ auth: z.literal('basic'), username: z.string(), password: z.string() }),
  ])
  .meta({ id: 'Secret', description: 'Shown once: the server keeps a digest of it.' });
