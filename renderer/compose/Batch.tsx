// The requests of a batch, in the order in which they go out on one connection; the chosen one is edited beside it.

import { Copy, X } from 'lucide-react';
import { Button, Input, ListBox, ListBoxItem, TextField } from 'react-aria-components';
import { useLaboratory } from '../stores/context.ts';
import { Hint } from '../ui/Hint.tsx';
import { Method } from './AddressLine.tsx';
import { MOST_REQUESTS } from './draft.ts';
import { judge } from './outgoing.ts';
import { optionsOf } from './strategies.ts';
import { Option } from './Strategy.tsx';
import { useDraft, useProblems, useRequest } from './use-composed.ts';

const PATIENCE = optionsOf('plain').find(({ name }) => name === 'patience')!;

export function Batch() {
  const { composer } = useLaboratory();
  const draft = useDraft();
  const { requests, chosen } = draft.batch;
  const request = useRequest();
  const problem = useProblems();
  const wrong = problem('url') ?? problem('method');
  const troubled = new Set(judge(draft).map((one) => one.request));
  return (
    <div className="batch">
      <ListBox
        className="batch-list"
        aria-label="Requests of the batch"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[String(chosen)]}
        onSelectionChange={(keys) => {
          if (keys !== 'all') for (const key of keys) composer.chooseRequest(Number(key));
        }}
      >
        {requests.map(({ method, url }, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- a request is its place in the batch
          <ListBoxItem key={index} id={String(index)} className="menu-item" textValue={`${method} ${url}`}>
            <span className="batch-place">{index + 1}</span>
            <span className="mono ellipsis" data-wrong={troubled.has(index) ? true : undefined}>
              {method} {url}
            </span>
          </ListBoxItem>
        ))}
      </ListBox>
      <div className="batch-acts">
        <Hint text="The chosen request once more">
          <Button
            className="button plain small"
            isDisabled={requests.length >= MOST_REQUESTS}
            onPress={() => composer.addRequest()}
          >
            <Copy size={13} aria-hidden="true" />
            Add
          </Button>
        </Hint>
        <Button
          className="button plain small"
          isDisabled={requests.length < 2}
          onPress={() => composer.removeRequest(chosen)}
        >
          <X size={13} aria-hidden="true" />
          Remove
        </Button>
      </div>
      <div className="batch-request">
        <Method />
        <TextField
          aria-label="Path"
          value={request.url}
          isInvalid={problem('url') !== null}
          onChange={(url) => composer.setRequest({ url })}
        >
          <Input className="input" spellCheck={false} />
        </TextField>
        {wrong === null ? null : <p className="problem">{wrong}</p>}
        <Option option={PATIENCE} />
      </div>
    </div>
  );
}
