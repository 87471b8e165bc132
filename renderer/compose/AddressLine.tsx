// Method, address and Send: the line that every mode begins with.

import { ChevronDown, Send, Square } from 'lucide-react';
import { Button, ComboBox, Input, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { useStore } from 'zustand';
import { useEngine, useLaboratory } from '../stores/context.ts';
import { keyLabel } from '../ui/commands.ts';
import { Key } from '../ui/Key.tsx';
import { type Address, addresses } from './addresses.ts';
import { addressOf, rootOf } from './composer.ts';
import { judge } from './outgoing.ts';
import { useDraft, useProblems } from './use-composed.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((id) => ({ id }));

export function AddressLine({ mac }: { readonly mac: boolean }) {
  const { composer } = useLaboratory();
  const draft = useDraft();
  const sending = useStore(composer.store, (state) => state.sent !== null && state.sent.result === null);
  const server = useEngine((state) => state.server.url);
  const ready = useEngine((state) => state.link === 'connected');
  // A batch has the addresses of its requests in its own list.
  const wrong = judge(draft).find(({ at, request }) => at === 'url' && request === null)?.sentence ?? null;
  const change = (url: string): void => {
    if (draft.mode === 'batch') composer.setBatchUrl(url);
    else if (draft.mode === 'raw') composer.setRaw({ url });
    else composer.setRequest({ url });
  };
  return (
    <>
      <div className="compose-line">
        {draft.mode === 'request' ? <Method /> : null}
        <ComboBox
          className="address-field compose-url grow"
          aria-label={draft.mode === 'request' ? 'Address' : 'Where to connect'}
          allowsCustomValue
          isInvalid={wrong !== null}
          inputValue={addressOf(draft)}
          // What stands in the field already is no choice: a list of it alone would open over what follows.
          defaultItems={addresses(draft.recent, rootOf(server)).filter(({ id }) => id !== addressOf(draft))}
          onInputChange={change}
          onSelectionChange={(chosen) => {
            if (chosen !== null) change(String(chosen));
          }}
        >
          <Input className="input" placeholder="http://127.0.0.1:18080/collection" spellCheck={false} />
          <Button className="address-files" aria-label="Addresses to choose from">
            <ChevronDown size={14} aria-hidden="true" />
          </Button>
          <Popover className="popover address-list">
            <ListBox className="menu">
              {(address: Address) => (
                <ListBoxItem id={address.id} className="menu-item" textValue={address.id}>
                  <span className="mono ellipsis">{address.id}</span>
                  <span className="hint">{address.what}</span>
                </ListBoxItem>
              )}
            </ListBox>
          </Popover>
        </ComboBox>
        {sending ? (
          <Button className="button compose-send" onPress={() => void composer.stop()}>
            <Square size={11} fill="currentColor" aria-hidden="true" />
            Stop
          </Button>
        ) : (
          <Button
            className="button primary compose-send"
            isDisabled={!ready}
            onPress={() => void composer.send()}
          >
            <Send size={13} aria-hidden="true" />
            Send
            <Key>{keyLabel('Mod+⏎', mac)}</Key>
          </Button>
        )}
      </div>
      {wrong === null ? null : <p className="problem compose-problem">{wrong}</p>}
    </>
  );
}

/** Any method; the usual ones to choose from. */
export function Method() {
  const { composer } = useLaboratory();
  const draft = useDraft();
  const problem = useProblems()('method');
  const request = draft.mode === 'batch' ? draft.batch.requests[draft.batch.chosen] : draft.request;
  return (
    <ComboBox
      className="address-field compose-method"
      aria-label="Method"
      allowsCustomValue
      isInvalid={problem !== null}
      inputValue={request?.method ?? ''}
      defaultItems={METHODS}
      menuTrigger="manual"
      onInputChange={(method) => composer.setRequest({ method })}
      onSelectionChange={(chosen) => {
        if (chosen !== null) composer.setRequest({ method: String(chosen) });
      }}
    >
      <Input className="input" spellCheck={false} title={problem ?? undefined} />
      <Button className="address-files" aria-label="Methods to choose from">
        <ChevronDown size={14} aria-hidden="true" />
      </Button>
      <Popover className="popover">
        <ListBox className="menu">
          {(method: { id: string }) => (
            <ListBoxItem id={method.id} className="menu-item mono" textValue={method.id}>
              {method.id}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
