// draft-wright-http-resume-request shows no message; these are the field lines that its text names.

import { fieldExample } from './example.ts';
import type { FieldExample } from './example.ts';

const draft = 'draft-wright-http-resume-request';

export const fieldExamples: readonly FieldExample[] = [
  fieldExample(draft, 'Expect', '100-continue'),
  fieldExample(draft, 'Prefer', 'resume'),
  fieldExample(draft, 'Prefer', 'resume=save-incomplete'),
  fieldExample(draft, 'Prefer', 'resume=ignore-incomplete'),
  fieldExample(draft, 'Prefer', 'acknowledge'),
];
