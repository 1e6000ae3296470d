import type { ApiFormState } from '../../ui/use-api-form.ts';
import type { Draft, Drafts } from './form-values.ts';

/** Sets a field of a form by its path. */
export const setDraft = (
  form: Pick<ApiFormState<Drafts>, 'setFieldValue'>,
  path: string,
  draft: Draft,
): void => (form.setFieldValue as (path: string, draft: Draft) => void)(path, draft);
