// The panel on the right: the operation's story, and the selected exchange as message and as bytes.

import { useMemo, useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { useStore } from 'zustand';
import { useMatcher } from '../filter/use-filter.ts';
import type { InspectorTab } from '../stores/arrangement.ts';
import { useLaboratory, useModel, useSelected } from '../stores/context.ts';
import { exchangeOf, shownOperation } from '../workspace/operation.ts';
import { Body } from './body/Body.tsx';
import { Hex, type HexPlace } from './Hex.tsx';
import { HexPeek } from './HexPeek.tsx';
import { Lenses } from './lenses/Lenses.tsx';
import { Message } from './Message.tsx';
import { Messages } from './Messages.tsx';
import { NoteIndex } from './note-index.ts';
import { Notes, NotesCount } from './Notes.tsx';
import { Story } from './Story.tsx';
import { RemarkLine } from '../remarks/RemarkLine.tsx';
import './inspector.css';

export function Inspector() {
  const { model } = useModel();
  const selected = useSelected();
  const index = useMemo(() => new NoteIndex(model), [model]);
  const { arrangement } = useLaboratory();
  const tab = useStore(arrangement.store, (state) => state.tab);
  const setTab = arrangement.showTab;
  const [place, setPlace] = useState<{ exchange: number | null; place: HexPlace } | null>(null);
  const operation = shownOperation(model, selected, useMatcher(model));
  const id = exchangeOf(model, selected) ?? operation?.exchanges.at(0) ?? null;
  const exchange = id === null ? null : (model.exchanges[id] ?? null);
  index.fold();
  const notes = index.length + model.remarks.size;
  const messages = exchange?.messages.length ?? 0;
  const absent = (tab === 'notes' && notes === 0) || (tab === 'messages' && messages === 0);
  const shown: HexPlace =
    place?.exchange === id && place.place !== null
      ? place.place
      : { stream: 'request', position: exchange?.requestStart ?? 0 };

  const toHex = (next: HexPlace): void => {
    setPlace({ exchange: id, place: next });
    setTab('hex');
  };

  return (
    <Tabs
      className="inspector"
      selectedKey={absent ? 'story' : tab}
      onSelectionChange={(key) => setTab(key as InspectorTab)}
    >
      <TabList className="tabs" aria-label="Inspector">
        <Tab id="story" className="tab">
          Story
        </Tab>
        <Tab id="message" className="tab">
          Message
        </Tab>
        <Tab id="body" className="tab">
          Body
        </Tab>
        {messages === 0 ? null : (
          <Tab id="messages" className="tab">
            Messages
          </Tab>
        )}
        <Tab id="hex" className="tab">
          Hex
        </Tab>
        {notes === 0 ? null : (
          <Tab id="notes" className="tab">
            Notes
            <span className="badge" data-tone="interim">
              <NotesCount index={index} />
            </span>
          </Tab>
        )}
        <Tab id="lenses" className="tab">
          Lenses
        </Tab>
      </TabList>
      <TabPanel id="story" className="tab-panel story-panel">
        <Story operation={operation?.id ?? null} />
        <RemarkLine />
        {selected === null || exchange === null ? null : <HexPeek exchange={exchange} onHex={toHex} />}
      </TabPanel>
      <TabPanel id="message" className="tab-panel">
        <Message exchange={exchange} onHex={toHex} />
      </TabPanel>
      <TabPanel id="body" className="tab-panel">
        <Body exchange={exchange} onHex={toHex} onMessages={() => setTab('messages')} />
      </TabPanel>
      {messages === 0 || exchange === null ? null : (
        <TabPanel id="messages" className="tab-panel">
          <Messages exchange={exchange} onHex={toHex} />
        </TabPanel>
      )}
      <TabPanel id="hex" className="tab-panel">
        <Hex exchange={exchange} place={shown} onPlace={(next) => setPlace({ exchange: id, place: next })} />
      </TabPanel>
      {notes === 0 ? null : (
        <TabPanel id="notes" className="tab-panel">
          <Notes index={index} />
        </TabPanel>
      )}
      <TabPanel id="lenses" className="tab-panel">
        <Lenses exchange={exchange} />
      </TabPanel>
    </Tabs>
  );
}
