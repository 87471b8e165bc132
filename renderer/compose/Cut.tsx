// Send and cut: a cut that waits for this request alone, at a byte of its content or of its connection.

import { Checkbox, Input, TextField } from 'react-aria-components';
import { CUT_KINDS, CUT_PLACES, kindHelp, kindLabel, placeHelp } from '../faults/labels.ts';
import { useLaboratory } from '../stores/context.ts';
import { Choice } from '../ui/Choice.tsx';
import { useDraft, useProblems } from './use-composed.ts';

const KINDS = CUT_KINDS.map((kind) => ({ id: kind, text: kindLabel(kind), hint: kindHelp(kind) }));
const PLACES = CUT_PLACES.map(({ end, direction, label }) => ({
  id: `${end} ${direction}`,
  text: label,
  hint: placeHelp(end, direction),
}));
const OF = [
  { id: 'content', text: 'of the content' },
  { id: 'connection', text: 'of the connection', hint: 'heads count, too' },
];

export function Cut() {
  const { composer } = useLaboratory();
  const { cut } = useDraft();
  const wrong = useProblems()('cut');
  const place = CUT_PLACES.find(({ end, direction }) => end === cut.end && direction === cut.direction)!;
  return (
    <div className="cut-editor">
      <Checkbox className="checkbox" isSelected={cut.on} onChange={(on) => composer.setCut({ on })}>
        <span className="box" aria-hidden="true" />
        Send and cut
      </Checkbox>
      <div className="cut-line" data-off={cut.on ? undefined : true}>
        <Choice
          label="How to cut"
          value={cut.kind}
          choices={KINDS}
          onChoose={(kind) => composer.setCut({ kind, on: true })}
          isInLine
        />
        <Choice
          label="Where to cut"
          value={`${cut.end} ${cut.direction}`}
          choices={PLACES}
          onChoose={(id) => {
            const found = PLACES.findIndex((one) => one.id === id);
            const { end, direction } = CUT_PLACES[found]!;
            composer.setCut({ end, direction, on: true });
          }}
          isInLine
        />
        <span>at byte</span>
        <TextField
          className="cut-byte"
          aria-label="Byte to cut at"
          value={cut.at}
          isInvalid={wrong !== null}
          onChange={(at) => composer.setCut({ at, on: true })}
        >
          <Input className="input" inputMode="numeric" />
        </TextField>
        <Choice
          label="What the byte counts"
          value={cut.content ? 'content' : 'connection'}
          choices={OF}
          onChoose={(of) => composer.setCut({ content: of === 'content', on: true })}
          isInLine
        />
      </div>
      {wrong === null ? (
        <p className="hint">
          {kindLabel(cut.kind)} ({kindHelp(cut.kind)}), {placeHelp(place.end, place.direction)}. Armed for
          this request only.
        </p>
      ) : (
        <p className="problem">{wrong}</p>
      )}
    </div>
  );
}
