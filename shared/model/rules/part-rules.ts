// Which rule a part of a byte-range document breaks: the readers' codes (shared/byteranges), one by one. Only the map.

import type { PartFaultCode, PartNoteCode } from '../../byteranges/parts.ts';
import type { RuleId } from './rules.ts';

export const RULE_OF_NOTE: Readonly<Record<PartNoteCode, RuleId>> = {
  'missing-unit': 'missing-range-unit',
  'boundary-from-content': 'multipart-without-boundary',
  'boundary-in-body': 'boundary-in-body',
};

export const RULE_OF_FAULT: Readonly<Record<PartFaultCode, RuleId>> = {
  'head-too-large': 'part-head-too-large',
  'invalid-field': 'malformed-part',
  'missing-range': 'part-without-range',
  'invalid-range': 'invalid-part-range',
  'range-and-offset': 'part-with-range-and-offset',
  'invalid-length': 'malformed-part',
  'differing-length': 'part-length-differs',
  'body-too-long': 'part-too-long',
  'too-many-parts': 'too-many-parts',
  'invalid-boundary': 'multipart-without-boundary',
  'invalid-delimiter': 'malformed-part',
  'invalid-framing': 'malformed-part',
  'number-too-large': 'malformed-part',
};
