// The patch editor: a resource byte by byte, and beside it the request that would change it, in five forms. Takes the
// place of the timeline until it is closed; a send goes on when it is.

import { ArrowLeft, Redo2, RotateCcw, Send, Square, Undo2 } from 'lucide-react';
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef } from 'react';
import { Button, Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { useStore } from 'zustand';
import { useLaboratory } from '../stores/context.ts';
import { count, counted } from '../timeline/format.ts';
import { keyLabel } from '../ui/commands.ts';
import { Hint } from '../ui/Hint.tsx';
import { Key } from '../ui/Key.tsx';
import { AddressBar, BaseLine } from './AddressBar.tsx';
import { Answers } from './Answers.tsx';
import { Begin, ProblemBar } from './Begin.tsx';
import { focusBytes } from './focus.ts';
import { ByteGrid } from './ByteGrid.tsx';
import type { Cells } from './cells.ts';
import { type Differences, findDifferences, isSame } from './differences.ts';
import { EditBar } from './EditBar.tsx';
import { type Base, FORMS, type Plan, planForm, type Settings } from './forms.ts';
import { Forms, FormSettings } from './Forms.tsx';
import { RequestPreview } from './RequestPreview.tsx';
import './patch.css';

/** Pixels of the byte grid at the start: as wide as its rows are in a window of that width. */
function bytesWidth(window: number): number {
  return window > 1240 ? 570 : 498;
}

export function PatchEditor({ theme }: { readonly theme: string }) {
  const { patch, api } = useLaboratory();
  const base = useStore(patch.store, (state) => state.base);
  const mac = api.platform === 'darwin';

  useEffect(() => {
    const before = document.activeElement;
    focusBytes();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  useEffect(() => {
    // Of the window: what had the focus may be gone. Whatever is open before the editor takes Escape first.
    const escape = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      patch.close();
    };
    window.addEventListener('keydown', escape);
    return () => window.removeEventListener('keydown', escape);
  }, [patch]);

  // Before any control of it takes Enter for its own.
  const keyFirst = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(mac ? event.metaKey : event.ctrlKey)) return;
    event.preventDefault();
    event.stopPropagation();
    void patch.send();
  };
  return (
    <section className="patch" aria-label="Patch editor" onKeyDownCapture={keyFirst}>
      {base === null ? (
        <>
          <PatchHeader differences={null} mac={mac} />
          <AddressBar />
          <ProblemBar />
          <Begin />
        </>
      ) : (
        <Editing theme={theme} mac={mac} />
      )}
    </section>
  );
}

function Editing({ theme, mac }: { readonly theme: string; readonly mac: boolean }) {
  const { patch } = useLaboratory();
  const base = useStore(patch.store, (state) => state.base)!;
  const { cells } = useStore(patch.store, (state) => state.history);
  const settings = useStore(patch.store, (state) => state.settings);
  const form = useStore(patch.store, (state) => state.form);
  const goTo = useRef<HTMLInputElement>(null);
  const differences = useMemo(
    () => findDifferences(base.cells, cells, settings.closer),
    [base.cells, cells, settings.closer],
  );
  // Keys are never kept waiting for the plans of a large resource.
  const shown = useDeferredValue(
    useMemo(() => ({ base, cells, differences, settings }), [base, cells, differences, settings]),
  );
  const plans = useMemo(
    () => FORMS.map(({ form }) => planForm(form, shown.base, shown.cells, shown.differences, shown.settings)),
    [shown],
  );
  const plan = plans.find((one) => one.form === form)!;
  const isWhole = FORMS.find((one) => one.form === form)!.whole;
  return (
    <>
      <PatchHeader differences={differences} mac={mac} />
      <AddressBar />
      <BaseLine />
      <ProblemBar />
      <Group className="panes patch-panes" orientation="horizontal">
        <Panel className="pane patch-bytes" minSize={380} defaultSize={bytesWidth(window.innerWidth)}>
          <ByteGrid ranges={isWhole ? [] : differences.ranges} onGoTo={() => goTo.current?.focus()} />
          <EditBar goTo={goTo} />
        </Panel>
        <Separator className="separator" aria-label="Width of the bytes" />
        <Panel className="pane patch-requests" minSize={280}>
          <Requests
            plans={plans}
            plan={plan}
            isSame={isSame(differences)}
            {...shown}
            theme={theme}
            mac={mac}
          />
        </Panel>
      </Group>
    </>
  );
}

interface RequestsProps {
  readonly plans: readonly Plan[];
  readonly plan: Plan;
  readonly isSame: boolean;
  readonly base: Base;
  readonly cells: Cells;
  readonly settings: Settings;
  readonly theme: string;
  readonly mac: boolean;
}

function Requests({ plans, plan, isSame, base, cells, settings, theme, mac }: RequestsProps) {
  const { patch } = useLaboratory();
  const tab = useStore(patch.store, (state) => state.tab);
  const answers = useStore(patch.store, (state) => state.answers.length);
  return (
    <>
      <Forms plans={plans} isSame={isSame} />
      <Tabs
        className="patch-tabs"
        selectedKey={tab}
        onSelectionChange={(chosen) => patch.setTab(chosen === 'answer' ? 'answer' : 'request')}
      >
        <TabList className="tabs" aria-label="Request and answer">
          <Tab id="request" className="tab">
            {plan.requests.length > 1 ? 'Requests' : 'Request'}
          </Tab>
          <Tab id="answer" className="tab">
            {answers > 1 ? 'Answers' : 'Answer'}
          </Tab>
        </TabList>
        <TabPanel id="request" className="tab-panel">
          <FormSettings />
          <RequestPreview plan={plan} base={base} cells={cells} settings={settings} />
        </TabPanel>
        <TabPanel id="answer" className="tab-panel">
          <Answers theme={theme} />
        </TabPanel>
      </Tabs>
      <SendBar plan={plan} whole={cells.length} mac={mac} />
    </>
  );
}

function PatchHeader({
  differences,
  mac,
}: {
  readonly differences: Differences | null;
  readonly mac: boolean;
}) {
  const { patch } = useLaboratory();
  const canUndo = useStore(patch.store, (state) => state.history.past.length > 0);
  const canRedo = useStore(patch.store, (state) => state.history.future.length > 0);
  const same = differences === null || isSame(differences);
  return (
    <header className="operation-header">
      <h2 className="strong">Patch editor</h2>
      {differences === null ? null : (
        <span className="badge" data-tone={same ? 'quiet' : 'request'}>
          {changeWords(differences)}
        </span>
      )}
      <span className="grow" />
      {differences === null ? null : (
        <>
          <Hint text={`Takes the last edit back (${keyLabel('Mod+Z', mac)})`}>
            <Button
              className="button plain icon small"
              aria-label="Undo"
              isDisabled={!canUndo}
              onPress={() => patch.undo()}
            >
              <Undo2 size={14} aria-hidden="true" />
            </Button>
          </Hint>
          <Hint text={`Does it again (${keyLabel('Mod+Y', mac)})`}>
            <Button
              className="button plain icon small"
              aria-label="Redo"
              isDisabled={!canRedo}
              onPress={() => patch.redo()}
            >
              <Redo2 size={14} aria-hidden="true" />
            </Button>
          </Hint>
          <Hint text="Back to what was loaded; can be undone">
            <Button className="button plain small" isDisabled={same} onPress={() => patch.revert()}>
              <RotateCcw size={13} aria-hidden="true" />
              Revert
            </Button>
          </Hint>
          <span className="rule" />
        </>
      )}
      <Button className="button small" onPress={() => patch.close()}>
        <ArrowLeft size={13} aria-hidden="true" />
        Timeline
        <Key>Esc</Key>
      </Button>
    </header>
  );
}

/** `3 bytes changed in 2 ranges, 10 taken away` */
function changeWords({ changed, ranges, truncateTo }: Differences): string {
  const parts: string[] = [];
  if (changed > 0)
    parts.push(
      `${counted(changed, 'byte')} changed${ranges.length > 1 ? ` in ${counted(ranges.length, 'range')}` : ''}`,
    );
  if (truncateTo !== null) parts.push(`cut to ${counted(truncateTo, 'byte')}`);
  return parts.length === 0 ? 'as the server has it' : parts.join(', ');
}

interface SendBarProps {
  readonly plan: Plan;
  /** Bytes of the whole. */
  readonly whole: number;
  readonly mac: boolean;
}

function SendBar({ plan, whole, mac }: SendBarProps) {
  const { patch } = useLaboratory();
  const phase = useStore(patch.store, (state) => state.phase);
  const requests = plan.requests.length;
  return (
    <div className="send-bar">
      <p className="grow send-words">{plan.refusal === null ? sizeWords(plan, whole) : ''}</p>
      {phase === 'sending' ? (
        <Button className="button" onPress={() => void patch.stop()}>
          <Square size={11} fill="currentColor" aria-hidden="true" />
          Stop
        </Button>
      ) : (
        <Button
          className="button primary"
          isDisabled={plan.refusal !== null || phase !== 'idle'}
          onPress={() => void patch.send()}
        >
          <Send size={13} aria-hidden="true" />
          {requests > 1 ? `Send ${count(requests)} requests` : 'Send'}
          <Key>{keyLabel('Mod+⏎', mac)}</Key>
        </Button>
      )}
    </div>
  );
}

/** `173 bytes instead of 4,096` */
function sizeWords({ form, content }: Plan, whole: number): string {
  if (form === 'put') return `${counted(content, 'byte')}: the whole`;
  if (content >= whole) return `${counted(content, 'byte')}, more than the whole (${count(whole)})`;
  return `${counted(content, 'byte')} instead of ${count(whole)}`;
}
