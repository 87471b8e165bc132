// What is done with a body: copied as far as it is shown, and saved as a file, all of it.

import { Download, X } from 'lucide-react';
import { useState } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { kindOf } from '../../../shared/body/kind.ts';
import { decodeText } from '../../../shared/body/text.ts';
import { base64 } from '../../../shared/export/base64.ts';
import type { Exchange } from '../../../shared/model/model.ts';
import { useLaboratory } from '../../stores/context.ts';
import type { Notices } from '../../stores/notices.ts';
import { counted, shortBytes } from '../../timeline/format.ts';
import { Hint } from '../../ui/Hint.tsx';
import type { Part } from '../message.ts';
import type { Together } from './Assembled.tsx';
import { offer, saveBody, type Saved, saveTogether } from './save.ts';
import type { BodyState } from './source.ts';
import { fileName } from './words.ts';

interface CopyMenuProps {
  readonly state: Pick<BodyState, 'content' | 'contentType' | 'more'>;
  /** What is shown. */
  readonly bytes: () => Uint8Array;
}

export function CopyMenu({ state, bytes }: CopyMenuProps) {
  const { notices } = useLaboratory();
  const copy = (as: 'text' | 'base64'): void => {
    const copied = bytes();
    const text = as === 'base64' ? base64(copied) : decodeText(copied, state.contentType, true).text;
    navigator.clipboard.writeText(text).then(
      () => {
        const what = `${counted(copied.length, 'byte')} copied as ${as === 'text' ? 'text' : 'Base64'}`;
        if (state.more) notices.tell('info', `${what}: what is shown of the content, not all of it.`);
        else notices.say(`${what}.`);
      },
      () => notices.tell('info', 'This page may not write to the clipboard: save the content as a file.'),
    );
  };
  return (
    <MenuTrigger>
      <Button className="button plain small">Copy</Button>
      <Popover className="popover">
        <Menu
          className="menu"
          aria-label="Copy"
          disabledKeys={kindOf(state.contentType, state.content) === 'image' ? ['text'] : []}
          onAction={(as) => copy(as === 'base64' ? 'base64' : 'text')}
        >
          <MenuItem id="text" className="menu-item">
            As text
          </MenuItem>
          <MenuItem id="base64" className="menu-item">
            As Base64
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

interface SaveButtonProps {
  readonly exchange: Exchange;
  readonly part: Part;
  readonly state: BodyState;
}

export function SaveButton({ exchange, part, state }: SaveButtonProps) {
  const { api, notices } = useLaboratory();
  const [running, setRunning] = useState<{ readonly stop: AbortController; readonly bytes: number } | null>(
    null,
  );
  const save = async (): Promise<void> => {
    const stop = new AbortController();
    setRunning({ stop, bytes: 0 });
    try {
      const saved = await saveBody(
        (connection, stream, start, end) => api.commands.bytes({ connection, stream, start, end }),
        {
          place: {
            connection: exchange.connection,
            stream: part.stream,
            start: part.start,
            method: exchange.method,
          },
          end: part.end,
          closed: part.complete,
          contentEncoding: state.contentEncoding,
          progress: (bytes) => setRunning({ stop, bytes }),
          signal: stop.signal,
        },
      );
      if (saved !== null)
        handOver(saved, fileName(exchange.target, state.disposition, state.contentType), notices);
    } catch (error) {
      notices.tell('error', unsaved(error));
    }
    setRunning(null);
  };
  if (running !== null)
    return (
      <Button className="button plain small" onPress={() => running.stop.abort()}>
        <X size={13} aria-hidden="true" />
        Stop, {shortBytes(running.bytes)} read
      </Button>
    );
  return (
    <Hint text="Saves all of the content as a file, without its framing and coding">
      <Button className="button plain small icon" aria-label="Save the content" onPress={() => void save()}>
        <Download size={14} aria-hidden="true" />
      </Button>
    </Hint>
  );
}

interface TogetherActionsProps {
  readonly together: Together;
  /** Of the exchange that names the file. */
  readonly target: string;
}

/** What several exchanges brought together: copied as it is shown, saved as far as it was put together. */
export function TogetherActions({ together, target }: TogetherActionsProps) {
  const { notices } = useLaboratory();
  const { found, shown } = together;
  const { bytes, contentType, length } = found;
  const save = (): void => {
    saveTogether(found).then(
      (saved) => handOver(saved, fileName(target, '', contentType), notices),
      (error: unknown) => notices.tell('error', unsaved(error)),
    );
  };
  return (
    <>
      <CopyMenu
        state={{ content: bytes, contentType, more: bytes.length !== length }}
        bytes={() => shown() ?? bytes}
      />
      <Hint text="Saves what the pieces come to as a file">
        <Button className="button plain small icon" aria-label="Save all pieces" onPress={save}>
          <Download size={14} aria-hidden="true" />
        </Button>
      </Hint>
    </>
  );
}

function handOver({ blob, remark }: Saved, name: string, notices: Notices): void {
  offer(blob, name);
  if (remark !== null) notices.tell('info', remark);
}

function unsaved(error: unknown): string {
  return `The content could not be saved: ${error instanceof Error ? error.message : String(error)}`;
}
