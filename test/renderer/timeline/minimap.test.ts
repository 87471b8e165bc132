import { describe, expect, it } from 'vitest';
import { layoutRows } from '../../../renderer/timeline/layout.ts';
import { minimapCells } from '../../../renderer/timeline/minimap.ts';
import { RowsIndex } from '../../../renderer/timeline/rows.ts';
import type { Model } from '../../../shared/model/model.ts';
import { bigModel, storyModel } from '../story-fixture.ts';

/** The map as text: a line a line, `-` request, `=` response, `#` both, `x` with a cut, `.` nothing. */
function mapOf(model: Model, width: number): string[] {
  const index = new RowsIndex();
  index.update(model);
  const layout = layoutRows(model, index, new Set());
  const { lines, cells } = minimapCells(model, layout, null, { first: 0, last: model.endTime }, width);
  const sign = (cell: number): string => (cell & 4 ? 'x' : ['.', '-', '=', '#'][cell & 3]!);
  return Array.from({ length: lines }, (_, line) =>
    [...cells.subarray(line * width, (line + 1) * width)].map(sign).join(''),
  );
}

describe('the minimap', () => {
  it('shows each connection of a story on its line, with its cuts', () => {
    // 100 ms a column: the cuts at 1.3 and 2.6 s, the job's end at 5.7 s.
    expect(mapOf(storyModel(), 58)).toEqual([
      '.------------x............................................',
      '...............#---------x................................',
      '...............................#---------................=',
      '.............................-.....==========.............',
    ]);
  });

  it('gives many connections a few lines that they share', () => {
    const lines = mapOf(bigModel(400, 41), 100);
    expect(lines).toHaveLength(8);
    for (const line of lines) expect(line).toMatch(/[-=#]/);
  });

  it('stays within its columns for a session of one moment', () => {
    expect(mapOf(storyModel(104), 10).join('')).toMatch(/^[.#=x-]+$/);
  });
});
