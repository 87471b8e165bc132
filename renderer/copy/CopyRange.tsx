// A stretch of a stream onto the clipboard, as hex, Base64 or text: chosen by dragging over the bytes, or typed here.

import { Copy } from 'lucide-react';
import { useState } from 'react';
import { Button, Dialog, DialogTrigger, Input, Label, Popover, TextField } from 'react-aria-components';
import type { Stream } from '../../shared/capture/records.ts';
import { BYTES_AT_ONCE } from '../../shared/contract.ts';
import { useLaboratory } from '../stores/context.ts';
import { counted } from '../timeline/format.ts';
import { Hint } from '../ui/Hint.tsx';
import { BYTE_FORMS, readRange, type TypedRange } from './bytes.ts';
import { bytesText } from './copy.ts';
import { CopyButton } from './CopyButton.tsx';
import './copy.css';

interface CopyRangeProps {
  readonly connection: number;
  readonly stream: Stream;
  /** Bytes of the stream. */
  readonly length: number;
  /** What is chosen, or what the fields begin with: start inclusive, end exclusive. */
  readonly chosen: { readonly start: number; readonly end: number };
}

export function CopyRange(props: CopyRangeProps) {
  const { chosen, length } = props;
  return (
    <DialogTrigger>
      <Hint text="Copies bytes as hex, Base64 or text">
        <Button className="button icon small" aria-label="Copy bytes" isDisabled={length === 0}>
          <Copy size={13} aria-hidden="true" />
        </Button>
      </Hint>
      <Popover className="popover" offset={4} placement="bottom end">
        <Dialog className="copy-range" aria-label="Copy bytes">
          <Range key={`${chosen.start} ${chosen.end}`} {...props} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function Range({ connection, stream, length, chosen }: CopyRangeProps) {
  const { api } = useLaboratory();
  const [typed, setTyped] = useState<TypedRange>({
    first: String(chosen.start),
    last: String(Math.max(chosen.start, chosen.end - 1)),
  });
  const range = readRange(typed, length, BYTES_AT_ONCE);
  const isWrong = 'problem' in range;
  const fields = [
    ['first', 'First byte'],
    ['last', 'Last byte'],
  ] as const;
  return (
    <>
      <div className="copy-fields">
        {fields.map(([name, label]) => (
          <TextField
            key={name}
            className="field"
            value={typed[name]}
            isInvalid={isWrong}
            onChange={(value) => setTyped((before) => ({ ...before, [name]: value }))}
          >
            <Label>{label}</Label>
            <Input className="input" />
          </TextField>
        ))}
      </div>
      {isWrong ? (
        <p className="problem" role="alert">
          {range.problem}
        </p>
      ) : (
        <>
          <p className="hint">{counted(range.end - range.start, 'byte')}</p>
          <div className="copy-forms" role="group" aria-label="Copy as">
            {BYTE_FORMS.map(({ form, label }) => (
              <CopyButton
                key={form}
                label={`Copy as ${label}`}
                words={label}
                text={() => bytesText(api, { connection, stream, ...range }, form)}
              />
            ))}
          </div>
        </>
      )}
    </>
  );
}
