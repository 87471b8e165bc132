// How the request is carried out: a strategy, what it does in one sentence, its options, and the pace of it all.

import { Input, Label, TextField } from 'react-aria-components';
import { paceLabel } from '../faults/labels.ts';
import { useEngine, useLaboratory } from '../stores/context.ts';
import { span } from '../timeline/format.ts';
import { Choice } from '../ui/Choice.tsx';
import { contentLength } from './outgoing.ts';
import { type OptionInfo, optionsOf, STRATEGIES, strategyInfo } from './strategies.ts';
import { useDraft, useProblems } from './use-composed.ts';

const CHOICES = STRATEGIES.map(({ name, title }) => ({ id: name, text: title }));

export function Strategy() {
  const { composer } = useLaboratory();
  const { strategy, request } = useDraft();
  const rate = useEngine((state) => state.faults.rate);
  const length = contentLength(request) ?? 0;
  return (
    <div className="strategy">
      <div className="strategy-line">
        <Choice
          label="Strategy"
          value={strategy}
          choices={CHOICES}
          onChoose={(name) => composer.setStrategy(name)}
          isInLine
        />
        <p>{strategyInfo(strategy).does}</p>
      </div>
      <div className="strategy-options">
        {optionsOf(strategy).map((option) => (
          <Option key={option.name} option={option} />
        ))}
      </div>
      <p className="hint">
        {rate === 0
          ? 'Unpaced: bytes go as fast as they can. The toolbar has other paces.'
          : `Paced at ${paceLabel(rate)} by the toolbar${
              length > rate / 10
                ? `: the content takes ${span((length / rate) * 1e9)}, time enough to cut it`
                : ''
            }.`}
      </p>
    </div>
  );
}

export function Option({ option }: { readonly option: OptionInfo }) {
  const { composer } = useLaboratory();
  const { options, mode } = useDraft();
  const problem = useProblems();
  const { name, title, help, choices } = option;
  const typed = options[name] ?? '';
  const wrong = problem(mode === 'request' ? `option ${name}` : 'patience');
  if (choices !== undefined)
    return (
      <div title={help}>
        <Choice
          label={title}
          value={typed}
          choices={choices.map((choice) => ({ id: choice.value, text: choice.title }))}
          onChoose={(value) => composer.setOption(name, value)}
        />
      </div>
    );
  return (
    <TextField
      className="field"
      value={typed}
      isInvalid={wrong !== null}
      onChange={(value) => composer.setOption(name, value)}
    >
      <Label>{title}</Label>
      <Input
        className="input"
        inputMode="numeric"
        title={help}
        placeholder={name === 'patience' ? '5000' : 'as usual'}
      />
      {wrong === null ? null : <p className="problem">{wrong}</p>}
    </TextField>
  );
}
