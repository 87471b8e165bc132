// The five forms with the size of each, and the choices that shape the requests.

import { useState } from 'react';
import { Checkbox, Input, Label, Radio, RadioGroup, TextField } from 'react-aria-components';
import { useStore } from 'zustand';
import { useLaboratory } from '../stores/context.ts';
import { count, counted } from '../timeline/format.ts';
import { Choice } from '../ui/Choice.tsx';
import { type Form, FORMS, type Plan } from './forms.ts';

interface FormsProps {
  readonly plans: readonly Plan[];
  /** Nothing was changed: no form is better than another. */
  readonly isSame: boolean;
}

export function Forms({ plans, isSame }: FormsProps) {
  const { patch } = useLaboratory();
  const form = useStore(patch.store, (state) => state.form);
  const sizes = plans.filter(({ refusal }) => refusal === null).map(({ total }) => total);
  const least = Math.min(...sizes);
  const most = Math.max(...sizes);
  return (
    <RadioGroup
      className="forms"
      aria-label="Form of the request"
      value={form}
      onChange={(chosen) => patch.setForm(chosen as Form)}
    >
      <div className="forms-head" aria-hidden="true">
        <span>Send as</span>
        <span>requests</span>
        <span>content</span>
        <span>with heads</span>
      </div>
      {FORMS.map(({ form, title }) => {
        const plan = plans.find((one) => one.form === form)!;
        const isLeast = !isSame && plan.refusal === null && plan.total === least && sizes.length > 1;
        return (
          <Radio key={form} value={form} className="form" aria-label={`${title}: ${sizeWords(plan)}`}>
            <span className="form-title">
              <span className="form-dot" aria-hidden="true" />
              <span className="ellipsis">{title}</span>
              {isLeast ? <span className="least">least</span> : null}
            </span>
            {plan.refusal === null ? (
              <>
                <span>{count(plan.requests.length)}</span>
                <span className="form-content">{count(plan.content)}</span>
                <span>{count(plan.total)}</span>
                <svg className="form-share" aria-hidden="true">
                  <rect
                    className="have"
                    width={`${Math.max(0.5, (plan.total / most) * 100)}%`}
                    height="100%"
                  />
                </svg>
              </>
            ) : (
              <span className="form-none">–</span>
            )}
          </Radio>
        );
      })}
    </RadioGroup>
  );
}

function sizeWords({ refusal, requests, content, total }: Plan): string {
  return (
    refusal ??
    `${counted(requests.length, 'request')}, ${counted(content, 'byte')} of content, ${count(total)} with heads`
  );
}

const TRANSACTIONS = [
  { id: 'none', text: 'as the server likes' },
  { id: 'atomic', text: 'atomic: all or nothing' },
  { id: 'persist', text: 'persist: what arrives stays' },
] as const;

export function FormSettings() {
  const { patch } = useLaboratory();
  const form = useStore(patch.store, (state) => state.form);
  const { closer, segment, conditional, transaction } = useStore(patch.store, (state) => state.settings);
  const exists = useStore(patch.store, (state) => state.base?.exists ?? false);
  const etag = useStore(patch.store, (state) => state.base?.etag ?? null);
  const usable = !exists || (etag !== null && !etag.startsWith('W/'));
  return (
    <div className="form-settings">
      {form === 'segments' ? (
        <NumberSetting
          key="segment"
          label="Segments of"
          value={segment}
          least={1}
          most={1024 * 1024}
          onChange={(segment) => patch.set({ segment })}
        />
      ) : form === 'put' ? null : (
        <NumberSetting
          key="closer"
          label="Join differences nearer than"
          value={closer}
          least={1}
          most={100_000}
          onChange={(closer) => patch.set({ closer })}
        />
      )}
      <Checkbox
        className="checkbox"
        isSelected={conditional && usable}
        isDisabled={!usable}
        onChange={(conditional) => patch.set({ conditional })}
      >
        <span className="box" aria-hidden="true" />
        {exists
          ? usable
            ? 'Only if it is still what was loaded (If-Match)'
            : etag === null
              ? 'It has no ETag to compare'
              : 'Its ETag is weak: it cannot be compared'
          : 'Only if it is not there yet (If-None-Match)'}
      </Checkbox>
      <div className="transaction">
        <span aria-hidden="true">Transaction</span>
        <Choice
          label="Transaction"
          value={transaction ?? 'none'}
          choices={TRANSACTIONS}
          onChoose={(chosen) => patch.set({ transaction: chosen === 'none' ? null : chosen })}
          isInLine
        />
      </div>
    </div>
  );
}

interface NumberSettingProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

/** A number that takes effect as soon as it is one. */
function NumberSetting({ label, value, least, most, onChange }: NumberSettingProps) {
  const [typed, setTyped] = useState(String(value));
  const read = (text: string): number | null => {
    const number = /^\d{1,7}$/.test(text.trim()) ? Number(text) : NaN;
    return number >= least && number <= most ? number : null;
  };
  return (
    <TextField
      className="number-setting"
      value={typed}
      isInvalid={read(typed) === null}
      onChange={(text) => {
        setTyped(text);
        const number = read(text);
        if (number !== null) onChange(number);
      }}
    >
      <Label>{label}</Label>
      <Input className="input" inputMode="numeric" />
      <span>bytes</span>
    </TextField>
  );
}
