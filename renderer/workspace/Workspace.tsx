// The centre: the operation's header, the timeline, and below it coverage and progress, in panes that can be resized.

import { ChevronDown, ChevronUp } from 'lucide-react';
import { type Ref, useMemo, useState } from 'react';
import { Button } from 'react-aria-components';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { useStore } from 'zustand';
import { Compose } from '../compose/Compose.tsx';
import { CoverageMap } from '../coverage/CoverageMap.tsx';
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
import { Hint } from '../ui/Hint.tsx';
import { OutcomeBanner, OutcomeDetails, useOutcome } from '../ui/OutcomeBanner.tsx';
import { type Foldable, usePanels } from '../ui/panels.ts';
import { FirstStart } from './FirstStart.tsx';
import { OperationHeader } from './OperationHeader.tsx';
import { exchangeOf, shownOperation, summarise } from './operation.ts';
import './workspace.css';

interface WorkspaceProps {
  readonly timeline: Ref<TimelineHandle>;
  readonly theme: string;
  readonly following: boolean;
  readonly onFollow: (following: boolean) => void;
  readonly onFit: () => void;
  readonly toggleFollow: () => void;
  /** Coverage and progress, in the group that {@link CENTRE} names. */
  readonly maps: Foldable;
}

/** The name under which the heights of the panels are remembered. */
export const CENTRE = 'centre';
const MAPS = ['coverage', 'progress'];

/** Pixels of coverage and progress that were folded from the start, unfolded. */
export const MAPS_HEIGHT = 220;
/** Pixels of them where only their titles are shown. */
const FOLDED = 36;
/** In a window of fewer pixels in height a third panel begins with the maps folded. */
const LOW = 900;

/** Of coverage and progress at the start, in pixels, or a share of a group with so many panels: a third, no more than they use. */
function mapsHeight(window: number, panels: number): number | string {
  if (panels > 2) return window < LOW ? FOLDED : '21%';
  return window > 1200 ? 380 : '34%';
}

export function Workspace({
  timeline,
  theme,
  following,
  onFollow,
  onFit,
  toggleFollow,
  maps,
}: WorkspaceProps) {
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
      note: (row: number) => laboratory.showNote(row),
    }),
    [laboratory],
  );
  const isEmpty = model.events.length === 0;
  const result = outcome.open && !isComposing ? outcome.run : null;
  const panels = [
    ...(isComposing ? ['compose'] : []),
    ...(result === null ? [] : ['result']),
    'timeline',
    'below',
  ];
  const panes = usePanels(CENTRE, panels);
  const beside = usePanels('maps', MAPS);
  const [isFolded, setFolded] = useState(false);
  const summary = operation === null ? null : summarise(model, operation, playhead);

  return (
    <div className="workspace">
      <OperationHeader
        summary={summary}
        isEmpty={isEmpty}
        following={following}
        onFit={onFit}
        toggleFollow={toggleFollow}
      />
      {/* Who composes has the room; what these told is there again afterwards. */}
      {isComposing ? null : (
        <>
          <OutcomeBanner outcome={outcome} />
          <Tour />
        </>
      )}
      {isEmpty && !isComposing ? (
        <FirstStart />
      ) : (
        <Group className="panes" orientation="vertical" groupRef={maps.groupRef} {...panes}>
          {isComposing ? (
            <>
              <Panel id="compose" className="pane" minSize={250} defaultSize="46%">
                <Compose />
              </Panel>
              <Separator className="separator" aria-label="Height of Compose" />
            </>
          ) : null}
          {result !== null ? (
            <>
              <Panel
                id="result"
                className="pane"
                minSize={60}
                defaultSize={result.tables.length > 0 ? '46%' : '28%'}
              >
                <OutcomeDetails run={result} />
              </Panel>
              <Separator className="separator" aria-label="Height of the result" />
            </>
          ) : null}
          <Panel id="timeline" className="pane" minSize={160}>
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
          <Panel
            id="below"
            className="pane below"
            panelRef={maps.panelRef}
            collapsible
            collapsedSize={FOLDED}
            minSize={140}
            defaultSize={mapsHeight(window.innerHeight, panels.length)}
            onResize={() => setFolded(maps.panelRef.current?.isCollapsed() ?? false)}
          >
            <Group className="panes" orientation="horizontal" data-folded={isFolded || undefined} {...beside}>
              <Panel id="coverage" className="pane" minSize={260} defaultSize="61%">
                <CoverageMap
                  {...source}
                  operation={operation?.id ?? null}
                  filtered={matcher !== null}
                  armed={armed}
                  onArm={actions.arm}
                  onDisarm={actions.disarm}
                  onSelect={actions.select}
                  onNote={actions.note}
                />
              </Panel>
              <Separator className="separator" aria-label="Width of the coverage map" />
              <Panel id="progress" className="pane" minSize={200} defaultSize="39%">
                <ProgressChart
                  {...source}
                  operation={operation?.id ?? null}
                  filtered={matcher !== null}
                  live={live}
                  exchange={exchangeOf(model, selected)}
                  onSelect={actions.select}
                  onNote={actions.note}
                />
              </Panel>
            </Group>
            <Hint text={`${isFolded ? 'Shows' : 'Folds'} coverage and progress (G)`}>
              <Button
                className="button plain icon small fold-maps"
                aria-label="Coverage and progress"
                aria-expanded={!isFolded}
                onPress={maps.toggle}
              >
                {isFolded ? (
                  <ChevronUp size={14} aria-hidden="true" />
                ) : (
                  <ChevronDown size={14} aria-hidden="true" />
                )}
              </Button>
            </Hint>
          </Panel>
        </Group>
      )}
      <PlaybackBar />
    </div>
  );
}
