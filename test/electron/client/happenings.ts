// What can happen to an operation, as data for tables of decisions: answers and ends of exchanges with their usual parts.

import {
  type Answer,
  type Ended,
  type Happening,
  NOTHING_RECEIVED,
} from '../../../electron/client/situation.ts';

export function answer(status: number, more: Partial<Answer> = {}): Answer {
  return {
    status,
    reason: 'Reason',
    contentLength: null,
    contentRange: null,
    location: null,
    age: null,
    retryAfter: null,
    unfinished: false,
    whole: true,
    ...more,
  };
}

export function ended(purpose: Ended['purpose'], more: Partial<Ended> = {}): Happening {
  return {
    kind: 'ended',
    end: {
      purpose,
      broke: null,
      continued: true,
      sentTo: 100,
      issuedTo: 100,
      goal: 100,
      elapsed: 0,
      answer: null,
      requestContent: null,
      responseMessage: null,
      status: null,
      upload: null,
      document: null,
      missing: false,
      progressed: false,
      released: 0,
      reception: NOTHING_RECEIVED,
      askedFrom: 0,
      reading: null,
      ...more,
    },
  };
}
