// The toolbar's faults: cut now, how and where to cut, stall and resume, pace. Acts only through the laboratory.

import { ChevronDown, Gauge, Pause, Play, Scissors } from 'lucide-react';
import {
  Button,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  type Selection as Keys,
} from 'react-aria-components';
import type { CutKind } from '../../shared/capture/records.ts';
import { useCutChoice, useEngine, useLaboratory, useModel, useSelected } from '../stores/context.ts';
import { Hint } from '../ui/Hint.tsx';
import { Key } from '../ui/Key.tsx';
import { Tick } from '../ui/Tick.tsx';
import {
  CUT_KINDS,
  CUT_PLACES,
  choiceLabel,
  kindHelp,
  kindLabel,
  PACES,
  paceLabel,
  placeHelp,
} from './labels.ts';
import { FaultPanel } from './FaultPanel.tsx';
import { liveConnection } from './target.ts';

export function FaultControls() {
  const laboratory = useLaboratory();
  const live = useEngine((state) => state.session.live);
  const stalled = useEngine((state) => state.faults.stalled);
  const { model } = useModel();
  const selected = useSelected();
  const target = live ? liveConnection(model, selected) : null;
  const held = stalled.length > 0;

  return (
    <div className="toolbar-group" role="group" aria-label="Faults">
      <Hint
        text={
          target === null ? 'Cuts an open connection; there is none now' : `Cuts connection ${target} now`
        }
      >
        <Button
          className="button danger"
          isDisabled={target === null}
          onPress={() => void laboratory.cutNow()}
        >
          <Scissors size={14} aria-hidden="true" />
          Cut
          <Key>C</Key>
        </Button>
      </Hint>
      <CutMenu />
      <Hint text={held ? 'Lets the held bytes go' : 'Holds the bytes of the connection until resumed'}>
        <Button
          className={held ? 'button on' : 'button'}
          isDisabled={target === null && !held}
          onPress={() => void laboratory.stallOrResume()}
        >
          {held ? <Play size={13} aria-hidden="true" /> : <Pause size={13} aria-hidden="true" />}
          {held ? 'Resume' : 'Stall'}
          <Key>S</Key>
        </Button>
      </Hint>
      <PaceMenu />
      <FaultPanel />
    </div>
  );
}

function CutMenu() {
  const { preferences, armory } = useLaboratory();
  const choice = useCutChoice();
  return (
    <MenuTrigger>
      <Button className="button" aria-label={`How to cut: ${choiceLabel(choice)}`}>
        {choiceLabel(choice)}
        <ChevronDown size={13} aria-hidden="true" />
      </Button>
      <Popover className="popover" offset={4}>
        <Menu className="menu" aria-label="How to cut">
          <MenuSection
            className="menu-section"
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[choice.kind]}
            onSelectionChange={(keys) => {
              const kind = only(keys);
              if (kind !== null) preferences.setCut({ kind: kind as CutKind });
            }}
          >
            <Header>What happens</Header>
            {CUT_KINDS.map((kind) => (
              <MenuItem key={kind} id={kind} className="menu-item" textValue={kindLabel(kind)}>
                <Tick on={kind === choice.kind} />
                {kindLabel(kind)}
                <span className="hint">{kindHelp(kind)}</span>
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection
            className="menu-section"
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[`${choice.end} ${choice.direction}`]}
            onSelectionChange={(keys) => {
              const place = CUT_PLACES.find(({ end, direction }) => `${end} ${direction}` === only(keys));
              if (place !== undefined) preferences.setCut({ end: place.end, direction: place.direction });
            }}
          >
            <Header>Where</Header>
            {CUT_PLACES.map(({ end, direction, label }) => (
              <MenuItem key={label} id={`${end} ${direction}`} className="menu-item" textValue={label}>
                <Tick on={end === choice.end && direction === choice.direction} />
                {label}
                <span className="hint">{placeHelp(end, direction)}</span>
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection className="menu-section" selectionMode="none" aria-label="Later">
            <MenuItem className="menu-item" onAction={() => armory.showCut()}>
              <Tick on={false} />
              Cut at a byte…
              <Key>B</Key>
            </MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function PaceMenu() {
  const laboratory = useLaboratory();
  const rate = useEngine((state) => state.faults.rate);
  return (
    <MenuTrigger>
      <Button className="button" aria-label={`Pace: ${paceLabel(rate)}`}>
        <Gauge size={14} aria-hidden="true" />
        {paceLabel(rate)}
        <ChevronDown size={13} aria-hidden="true" />
      </Button>
      <Popover className="popover" offset={4}>
        <Menu
          className="menu"
          aria-label="Pace of every write"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[String(rate)]}
          onSelectionChange={(keys) => {
            const chosen = only(keys);
            if (chosen !== null) void laboratory.pace(Number(chosen));
          }}
        >
          {PACES.map((pace) => (
            <MenuItem key={pace} id={String(pace)} className="menu-item" textValue={paceLabel(pace)}>
              <Tick on={pace === rate} />
              {paceLabel(pace)}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** The one chosen key; null for none. */
function only(keys: Keys): string | null {
  if (keys === 'all') return null;
  for (const key of keys) return String(key);
  return null;
}
