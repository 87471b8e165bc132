// What the chosen experiment teaches, cuts worth trying, its parameters.

import { ChevronRight, Scissors } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import {
  Button,
  Checkbox,
  Disclosure,
  DisclosurePanel,
  FieldError,
  Heading,
  Input,
  Label,
  Text,
  TextField,
  ToggleButton,
} from 'react-aria-components';
import { useStore } from 'zustand';
import type { ExperimentInfo, Parameter } from '../../shared/contract.ts';
import { specLabel } from '../faults/labels.ts';
import { useSetup } from '../stores/context.ts';
import { Choice } from '../ui/Choice.tsx';
import { Hint } from '../ui/Hint.tsx';
import { judge, shown } from './setup.ts';
import { TargetField } from './TargetField.tsx';

export function ExperimentDetails({ info }: { readonly info: ExperimentInfo }) {
  const setup = useSetup();
  const state = useStore(setup.store);
  const changed = Object.keys(state.typed[info.id] ?? {}).length;

  return (
    <div className="experiment-details">
      <Teaches text={info.teaches} sources={info.sources} />
      {info.cuts.length === 0 ? null : (
        <div className="cut-chips" role="group" aria-label="Cuts worth trying">
          {info.cuts.map((cuts, index) => (
            <Hint key={cuts.label} text={cuts.specs.map(specLabel).join('; then ')}>
              <ToggleButton
                className="chip"
                isSelected={state.cuts[info.id] === index}
                onChange={(on) => setup.chooseCuts(info.id, on ? index : null)}
              >
                <Scissors size={11} aria-hidden="true" />
                {cuts.label}
              </ToggleButton>
            </Hint>
          ))}
        </div>
      )}
      {info.parameters.length === 0 ? null : (
        <Disclosure>
          <Heading>
            <Button slot="trigger" className="disclosure-button">
              <ChevronRight size={13} aria-hidden="true" />
              Parameters
              <span className="hint">
                {changed > 0 ? `${changed} changed` : String(info.parameters.length)}
              </span>
            </Button>
          </Heading>
          <DisclosurePanel className="parameter-fields">
            {info.parameters.map((parameter) => (
              <ParameterField
                key={parameter.name}
                parameter={parameter}
                value={shown(state, info.id, parameter)}
                onChange={(value) => setup.type(info.id, parameter.name, value)}
              />
            ))}
          </DisclosurePanel>
        </Disclosure>
      )}
      <TargetField info={info} />
    </div>
  );
}

interface TeachesProps {
  readonly text: string;
  readonly sources: readonly string[];
}

/** The first lines of it; the rest and its sources on request, so that what can be set up stays in sight. */
function Teaches({ text, sources }: TeachesProps) {
  const [isWhole, setWhole] = useState(false);
  const [isCut, setCut] = useState(false);
  const words = useRef<HTMLParagraphElement>(null);
  const id = useId();
  useEffect(() => {
    const element = words.current;
    if (element === null || isWhole) return undefined;
    const seen = new ResizeObserver(() => setCut(element.scrollHeight > element.clientHeight + 1));
    seen.observe(element);
    return () => seen.disconnect();
  }, [isWhole]);
  return (
    <div>
      <p ref={words} id={id} className="teaches selectable" data-whole={isWhole || undefined}>
        {text}
      </p>
      {isWhole && sources.length > 0 ? <p className="hint teaches-sources">{sources.join(' · ')}</p> : null}
      {isCut || isWhole || sources.length > 0 ? (
        <button
          type="button"
          className="teaches-more"
          aria-expanded={isWhole}
          aria-controls={id}
          onClick={() => setWhole(!isWhole)}
        >
          {isWhole ? 'less' : 'more'}
        </button>
      ) : null}
    </div>
  );
}

interface ParameterFieldProps {
  readonly parameter: Parameter;
  readonly value: string | boolean;
  readonly onChange: (value: string | boolean) => void;
}

function ParameterField({ parameter, value, onChange }: ParameterFieldProps) {
  if (parameter.type === 'boolean')
    return (
      <div className="field">
        <Checkbox className="checkbox" isSelected={value === true} onChange={onChange}>
          <span className="box" aria-hidden="true" />
          {parameter.title}
        </Checkbox>
        <p className="hint">{parameter.help}</p>
      </div>
    );
  if (parameter.choices !== undefined)
    return (
      <Choice
        label={parameter.title}
        value={String(value)}
        choices={parameter.choices.map((choice) => ({ id: choice, text: choice }))}
        onChoose={onChange}
        hint={parameter.help}
      />
    );
  const wrong = judge(parameter, value);
  return (
    <TextField className="field" value={String(value)} onChange={onChange} isInvalid={wrong !== null}>
      <Label>{parameter.title}</Label>
      <Input className="input" inputMode={parameter.type === 'number' ? 'numeric' : 'text'} />
      {wrong === null ? (
        <Text slot="description" className="hint">
          {parameter.help}
        </Text>
      ) : (
        <FieldError className="problem">{wrong}</FieldError>
      )}
    </TextField>
  );
}
