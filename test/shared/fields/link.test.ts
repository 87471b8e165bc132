// Link: what it says, and what is none.

import { describe, expect, it } from 'vitest';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { parseLink } from '../../../shared/fields/link.ts';

describe('Link', () => {
  it.each([
    {
      name: 'several links, each with its relation',
      value: '</job/7.req>; rel="duplicate", </tus/7>;rel=Duplicate',
      links: [
        ['/job/7.req', ['duplicate'], false],
        ['/tus/7', ['duplicate'], false],
      ],
    },
    {
      name: 'several relations of one link, and parameters of all kinds',
      value: '<a,b>; title="x, y; z"; rel = "next  Last" ; flag; anchor="/other"',
      links: [['a,b', ['next', 'last'], true]],
    },
    {
      name: 'a link without a relation, and one with two: the first counts',
      value: ', <>, <b>; rel=up; rel=next',
      links: [
        ['', [], false],
        ['b', ['up'], false],
      ],
    },
  ])('tells $name', ({ value, links }) => {
    const parsed = parseLink(value);
    expect(parsed).toEqual(
      links.map(([reference, relations, anchored]) => ({ reference, relations, anchored })),
    );
  });

  it.each([
    { value: 'a; rel=next', at: 0 },
    { value: '<a', at: 2 },
    { value: '<a>; =', at: 5 },
    { value: '<a>; rel="next', at: 9 },
    { value: '<a> <b>', at: 4 },
  ])('finds what is wrong with $value, and where', ({ value, at }) => {
    expect(parseLink(value)).toMatchObject({ code: 'syntax', at });
    expect(parseLink(value)).toBeInstanceOf(FieldFault);
  });
});
