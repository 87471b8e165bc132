// One request in its parts: fields, body, and, where it goes alone, how it is carried out and whether it is cut.

import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { useStore } from 'zustand';
import { kindLabel } from '../faults/labels.ts';
import { useLaboratory } from '../stores/context.ts';
import { shortBytes } from '../timeline/format.ts';
import { BodyEditor } from './BodyEditor.tsx';
import { Cut } from './Cut.tsx';
import { FieldsEditor } from './FieldsEditor.tsx';
import { readNumber } from '../ui/numbers.ts';
import { contentLength, judge, type Part, partOf } from './outgoing.ts';
import { Strategy } from './Strategy.tsx';
import { strategyInfo } from './strategies.ts';
import { useDraft, useRequest } from './use-composed.ts';

export function RequestEditor() {
  const draft = useDraft();
  const request = useRequest();
  const { composer } = useLaboratory();
  const part = useStore(composer.store, (state) => state.part);
  const alone = draft.mode === 'request';
  const chosen = alone ? null : draft.batch.chosen;
  const wrong = new Set(
    judge(draft)
      .filter((problem) => problem.request === chosen)
      .map(({ at }) => partOf(at)),
  );
  const fields = request.fields.filter(([name]) => name !== '').length;
  const length = contentLength(request);
  const { cut } = draft;
  const at = readNumber(cut.at);
  const mark = (of: Part): 'wrong' | undefined => (wrong.has(of) ? 'wrong' : undefined);
  return (
    <Tabs
      className="compose-editor"
      selectedKey={!alone && (part === 'strategy' || part === 'cut') ? 'fields' : part}
      onSelectionChange={(key) => composer.showPart(key as Part)}
    >
      <TabList className="tabs" aria-label="Parts of the request">
        <Tab id="fields" className="tab" data-state={mark('fields')}>
          Fields
          {fields === 0 ? null : <span className="tab-says">{fields}</span>}
        </Tab>
        <Tab id="body" className="tab" data-state={mark('body')}>
          Body
          {length === null ? null : <span className="tab-says">{shortBytes(length)}</span>}
        </Tab>
        {alone ? (
          <>
            <Tab id="strategy" className="tab" data-state={mark('strategy')}>
              Strategy
              {draft.strategy === 'plain' ? null : (
                <span className="tab-says ellipsis">{strategyInfo(draft.strategy).title}</span>
              )}
            </Tab>
            <Tab id="cut" className="tab" data-state={mark('cut')}>
              Cut
              {cut.on ? (
                <span className="tab-says tab-cut">
                  {kindLabel(cut.kind)}
                  {at === null ? '' : ` at ${shortBytes(at)}`}
                </span>
              ) : null}
            </Tab>
          </>
        ) : null}
      </TabList>
      <TabPanel id="fields" className="tab-panel compose-part">
        <FieldsEditor key={chosen ?? -1} />
      </TabPanel>
      <TabPanel id="body" className="tab-panel compose-part">
        <BodyEditor />
      </TabPanel>
      {alone ? (
        <>
          <TabPanel id="strategy" className="tab-panel compose-part">
            <Strategy />
          </TabPanel>
          <TabPanel id="cut" className="tab-panel compose-part">
            <Cut />
          </TabPanel>
        </>
      ) : null}
    </Tabs>
  );
}
