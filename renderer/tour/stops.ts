// The five stops of the guide: what is looked at, what there is to see, and which event of the session shows it. Pure.

import { Kind, unpackFault } from '../../shared/model/events.ts';
import type { Model } from '../../shared/model/model.ts';

/** The experiment that the guide leads through. */
export const TOURED = 'five-steps';

type Place = 'timeline' | 'interim' | 'cut' | 'coverage' | 'story';

interface Stop {
  /** Which part of the window is marked: tour.css knows where it is. */
  readonly place: Place;
  readonly title: string;
  readonly words: string;
}

export const STOPS: readonly Stop[] = [
  {
    place: 'timeline',
    title: 'Every connection has a row',
    words:
      'The client’s end above, the server’s below, both on one clock. Zoom with the wheel, drag to move, press 0 to see it all.',
  },
  {
    place: 'interim',
    title: 'An interim response is an event of its own',
    words:
      'Each 1xx has a mark with its number and its gist. This one was selected for you; the arrow keys go to the next.',
  },
  {
    place: 'cut',
    title: 'Here the connection was cut',
    words:
      'In the middle of the content. The dotted line leads to the request that goes on. Click a bar while it grows, and you cut it yourself.',
  },
  {
    place: 'coverage',
    title: 'What was sent, received, acknowledged',
    words:
      'Byte by byte: hatched is what was sent twice, a gap is what never arrived. A click on the axis arms a cut at that byte.',
  },
  {
    place: 'story',
    title: 'The same as a story',
    words:
      'What happened and why, a sentence each. Choose one, and every panel shows it; Message, Body and Hex beside it have its bytes.',
  },
];

/** The event that a stop selects; null: none, or the session has no such event. */
export function eventOf({ place }: Stop, model: Model): number | null {
  if (place === 'interim') return model.interims.at(-1) ?? null;
  if (place !== 'cut') return null;
  const { kind, code } = model.events.columns;
  for (let row = 0; row < model.events.length; row++)
    if (kind[row] === Kind.fault && unpackFault(code[row]!).action === 'cut') return row;
  return null;
}
