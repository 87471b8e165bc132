// What the coverage map says in words, as of a time. Pure.

import { type Coverage, size } from '../../shared/model/coverage.ts';
import { Layer } from '../../shared/model/events.ts';
import { count, counted } from '../timeline/format.ts';
import { difference } from './lanes.ts';

/** `all 1,000,000 bytes arrived · 67,232 sent twice` */
export function coverageSummary(coverage: Coverage, time: number): string {
  const sent = coverage.ranges(Layer.sent, time);
  const received = coverage.ranges(Layer.received, time);
  const acknowledged = coverage.total(Layer.acknowledged, time);
  const length = coverage.lengthAt(time);
  const parts: string[] = [];
  const of = length === null ? '' : ` of ${count(length)}`;
  // Where we hold only the client's end, nothing is known of what was read: the server's word takes its place.
  const [have, verb] =
    received.length > 0
      ? [size(received), 'arrived']
      : acknowledged > 0
        ? [acknowledged, 'acknowledged']
        : [size(sent), 'sent'];
  if (length !== null && length > 0 && have === length) parts.push(`all ${counted(length, 'byte')} ${verb}`);
  else if (have === 0)
    parts.push(length === null ? 'nothing sent yet' : `${counted(length, 'byte')}, none sent yet`);
  else parts.push(`${count(have)}${of} bytes ${verb}`);
  const underway = received.length > 0 ? difference(sent, received) : 0;
  if (underway > 0) parts.push(`${count(underway)} sent, not arrived`);
  const repeated = size(coverage.repeated(Layer.sent, time));
  if (repeated > 0) parts.push(`${count(repeated)} sent twice`);
  return parts.join(' · ');
}
