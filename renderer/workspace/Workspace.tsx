// The centre: the operation's header, the timeline, and below it coverage and progress, in panes that can be resized.

import { type Ref, useMemo } from 'react';
import { Button, ToggleButton } from 'react-aria-components';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { useStore } from 'zustand';
import { Compose } from '../compose/Compose.tsx';
import { CoverageMap } from '../coverage/CoverageMap.tsx';
import { FilterBar } from '../filter/FilterBar.tsx';
import { useFilter, useMatcher } from '../filter/use-filter.ts';
import { PlaybackBar } from '../playback/PlaybackBar.tsx';
import { ProgressChart } from '../progress/ProgressChart.tsx';
import {
  useCutChoice,
  useEngine,
  useLaboratory,
  useModel,
  usePlayheadTime,
  useSelected,
} from '../stores/context.ts';
import { Timeline } from '../timeline/Timeline.tsx';
import type { Selection, Source, TimelineHandle } from '../timeline/types.ts';
import { Tour } from '../tour/Tour.tsx';
import { Key } from '../ui/Key.tsx';
import { OutcomeBanner, OutcomeDetails, useOutcome } from '../ui/OutcomeBanner.tsx';
import { FirstStart } from './FirstStart.tsx';
import { shownOperation, summarise } from './operation.ts';
import './workspace.css';

interface WorkspaceProps {
  readonly timeline: Ref<TimelineHandle>;
  readonly theme: string;
  readonly following: boolean;
  readonly onFollow: (following: boolean) => void;
  readonly onFit: () => void;
  readonly toggleFollow: () => void;
}

export function Workspace({ timeline, theme, following, onFollow, onFit, toggleFollow }: WorkspaceProps) {
  const laboratory = useLaboratory();
  const { model, revision } = useModel();
  const playhead = usePlayheadTime();
  const selected = useSelected();
  const { kind } = useCutChoice();
  const live = useEngine((state) => state.session.live);
  const armed = useEngine((state) => state.faults.armed);
  const outcome = useOutcome();
  const { matcher } = useFilter();
  const isComposing = useStore(laboratory.composer.store, (state) => state.isOpen);
  const operation = shownOperation(model, selected, useMatcher(model));
  const { pointed } = laboratory;
  const source: Source = { model, revision, subscribe: laboratory.feed.subscribe, playhead, theme, pointed };
  const actions = useMemo(
    () => ({
      select: (selection: Selection | null) => laboratory.select(selection),
      arm: (at: number) => void laboratory.arm(at),
      disarm: (id: number) => void laboratory.disarm(id),
    }),
    [laboratory],
  );
  const isEmpty = model.events.length === 0;
  const summary = operation === null ? null : summarise(model, operation, playhead);

  return (
    <div className="workspace">
      <header className="operation-header">
        {summary === null ? (
          <h2 className="strong">Timeline</h2>
        ) : (
          <>
            <h2 className="strong ellipsis">{summary.title}</h2>
            <span className="badge" data-tone={summary.tone}>
              {summary.badge}
            </span>
            <span className="operation-counts ellipsis">{summary.counts}</span>
          </>
        )}
        <span className="grow" />
        <ToggleButton
          className="button small"
          isSelected={following && live}
          isDisabled={isEmpty}
          onChange={toggleFollow}
        >
          Follow
          <Key>F</Key>
        </ToggleButton>
        <Button className="button plain small" isDisabled={isEmpty} onPress={onFit}>
          Fit
          <Key>0</Key>
        </Button>
      </header>
      {isEmpty ? null : <FilterBar />}
      <OutcomeBanner outcome={outcome} />
      <Tour />
      {isEmpty && !isComposing ? (
        <FirstStart />
      ) : (
        <Group className="panes" orientation="vertical">
          {isComposing ? (
            <>
              <Panel id="compose" className="pane" minSize={250} defaultSize="46%">
                <Compose />
              </Panel>
              <Separator className="separator" aria-label="Height of Compose" />
            </>
          ) : null}
          {outcome.run !== null && outcome.open ? (
            <>
              <Panel
                id="result"
                className="pane"
                minSize={60}
                defaultSize={outcome.run.tables.length > 0 ? '46%' : '28%'}
              >
                <OutcomeDetails run={outcome.run} />
              </Panel>
              <Separator className="separator" aria-label="Height of the result" />
            </>
          ) : null}
          <Panel id="timeline" className="pane" minSize={160} defaultSize={isComposing ? '33%' : '66%'}>
            <Timeline
              {...source}
              subscribe={laboratory.filter.subscribe}
              ref={timeline}
              live={live}
              selection={selected}
              onSelect={actions.select}
              onCut={(target) => void laboratory.cut(target)}
              armed={armed}
              cutKind={kind}
              filter={matcher}
              onClearFilter={() => laboratory.filter.setText('')}
              onFollow={onFollow}
            />
          </Panel>
          <Separator className="separator" aria-label="Height of the timeline" />
          <Panel id="below" className="pane" minSize={140} defaultSize={isComposing ? '21%' : '34%'}>
            <Group className="panes" orientation="horizontal">
              <Panel className="pane" minSize={260} defaultSize="61%">
                <CoverageMap
                  {...source}
                  operation={operation?.id ?? null}
                  armed={armed}
                  onArm={actions.arm}
                  onDisarm={actions.disarm}
                  onSelect={actions.select}
                />
              </Panel>
              <Separator className="separator" aria-label="Width of the coverage map" />
              <Panel className="pane" minSize={200} defaultSize="39%">
                <ProgressChart {...source} operation={operation?.id ?? null} onSelect={actions.select} />
              </Panel>
            </Group>
          </Panel>
        </Group>
      )}
      <PlaybackBar />
    </div>
  );
}
