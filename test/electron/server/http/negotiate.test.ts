// Which of two media types is chosen, as a table.

import { describe, expect, test } from 'vitest';
import { negotiate } from '../../../../electron/server/http/negotiate.ts';

const TEXT = 'text/plain';
const JSON_TYPE = 'application/json';

describe('of text and JSON', () => {
  test.each<[string, string | null, string]>([
    ['no wish takes the default', null, TEXT],
    ['an empty wish takes the default', '', TEXT],
    ['a wish for anything takes the default', '*/*', TEXT],
    ['what is named is taken', 'application/json', JSON_TYPE],
    ['case does not count', 'Application/JSON', JSON_TYPE],
    ['the higher quality wins', 'text/plain;q=0.5, application/json', JSON_TYPE],
    ['the higher quality wins, whatever the order', 'application/json;q=0.2, text/plain;q=0.3', TEXT],
    ['of equal quality the default wins', 'application/json, text/plain', TEXT],
    ['a family counts', 'application/*, text/*;q=0.9', JSON_TYPE],
    ['the narrower range decides', '*/*, text/plain;q=0.1', JSON_TYPE],
    ['a quality of zero forbids', 'text/plain;q=0, */*;q=0.1', JSON_TYPE],
    ['where nothing is acceptable, the default is taken', 'image/png', TEXT],
    ['where all is forbidden, the default is taken', '*/*;q=0', TEXT],
    ['blanks may stand around', ' application/json ; q=0.7 ', JSON_TYPE],
    ['a quality that is none makes its range none', 'application/json;q=2, text/plain;q=0.1', TEXT],
    ['other parameters match nothing here', 'application/json;version=2, text/*;q=0.1', TEXT],
    ['what cannot be read is passed over', 'nonsense, ;;, application/json', JSON_TYPE],
    ['more than fifty are not looked at', `${'a/b,'.repeat(50)}application/json`, TEXT],
  ])('%s', (_name, accept, type) => {
    expect(negotiate(accept, [TEXT, JSON_TYPE])).toBe(type);
  });
});
