// Every example of the drafts, in one list of each kind.

import type { DocumentExample, Example, FieldExample } from './example.ts';
import * as newer from './httpapi-patch-byterange.ts';
import * as progress from './http-progress.ts';
import * as partialUpload from './partial-upload.ts';
import * as older from './patch-byterange.ts';
import * as resume from './resume-request.ts';

export const examples: readonly Example[] = [
  ...progress.examples,
  ...partialUpload.examples,
  ...older.examples,
  ...newer.examples,
];

export const fieldExamples: readonly FieldExample[] = [
  ...progress.fieldExamples,
  ...resume.fieldExamples,
  ...older.fieldExamples,
  ...newer.fieldExamples,
];

export const documentExamples: readonly DocumentExample[] = [
  ...older.documentExamples,
  ...newer.documentExamples,
];
