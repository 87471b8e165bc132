// Fields that several resources put into the final response of a job. Writes values only.

import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { Job } from './jobs.ts';

/** Progress at the end, and what it depended on: RFC 9110 §12.5.5, where the request asked for a language. */
export function progressFields(job: Job): FieldLines {
  const progress = ['Progress', job.progress] as const;
  return job.language === null ? [progress] : [progress, ['Vary', 'Accept-Language']];
}
