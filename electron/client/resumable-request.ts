// The strategy `resumable-request` (draft-wright-http-resume-request): ask first, learn where the content is kept,
// and after a break find out how much arrived and send the rest only.

import { decide } from './resumable-request-decisions.ts';
import type { Strategy } from './strategy.ts';

export const resumableRequest: Strategy = { resumable: true, decide };
