// Play, pause, step, speed and scrub, for a session that was opened, or a live one that was paused.

import { ChevronDown, Pause, Play, Radio, StepBack, StepForward } from 'lucide-react';
import {
  Button,
  Menu,
  MenuItem,
  MenuTrigger,
  Popover,
  Slider,
  SliderThumb,
  SliderTrack,
  type Selection as Keys,
} from 'react-aria-components';
import { useStore } from 'zustand';
import { useEngine, useLaboratory, useModel } from '../stores/context.ts';
import { SPEEDS } from '../stores/playhead.ts';
import { moment } from '../timeline/format.ts';
import { Hint } from '../ui/Hint.tsx';
import { Tick } from '../ui/Tick.tsx';
import { fromSlider, SLIDER_STEPS, toSlider } from './clock.ts';
import { nextMoment } from './step.ts';
import './playback.css';

export function PlaybackBar() {
  const { playhead } = useLaboratory();
  const { model } = useModel();
  const { time, playing, speed } = useStore(playhead.store);
  const live = useEngine((state) => state.session.live);
  if (model.events.length === 0 || (live && time === Infinity && !playing)) return null;
  const end = model.endTime;
  const step = (by: 1 | -1): void => playhead.seek(nextMoment(model, Math.min(time, end), by));
  return (
    <div className="playback" role="group" aria-label="Playback">
      <Hint text="To the event before">
        <Button className="button plain icon small" aria-label="Step back" onPress={() => step(-1)}>
          <StepBack size={14} aria-hidden="true" />
        </Button>
      </Hint>
      <Hint text={playing ? 'Pauses (Space)' : 'Plays the session again (Space)'}>
        <Button
          className="button icon small"
          aria-label={playing ? 'Pause' : 'Play'}
          onPress={() => (playing ? playhead.pause() : playhead.play())}
        >
          {playing ? <Pause size={13} aria-hidden="true" /> : <Play size={13} aria-hidden="true" />}
        </Button>
      </Hint>
      <Hint text="To the event after">
        <Button className="button plain icon small" aria-label="Step forward" onPress={() => step(1)}>
          <StepForward size={14} aria-hidden="true" />
        </Button>
      </Hint>
      <Slider
        className="scrub"
        aria-label="Time shown"
        minValue={0}
        maxValue={SLIDER_STEPS}
        value={toSlider(time, end)}
        onChange={(position) => playhead.seek(fromSlider(position, end))}
      >
        <SliderTrack className="scrub-track">
          <SliderThumb className="scrub-thumb" aria-valuetext={moment(Math.min(time, end))} />
        </SliderTrack>
      </Slider>
      <span className="mono playback-time">
        {moment(Math.min(time, end))} <span className="hint">of {moment(end)}</span>
      </span>
      <SpeedMenu speed={speed} onSpeed={(chosen) => playhead.setSpeed(chosen)} />
      {live ? (
        <Button className="button small" onPress={() => playhead.toEnd()}>
          <Radio size={13} aria-hidden="true" />
          Back to live
        </Button>
      ) : null}
    </div>
  );
}

function SpeedMenu({
  speed,
  onSpeed,
}: {
  readonly speed: number;
  readonly onSpeed: (speed: number) => void;
}) {
  return (
    <MenuTrigger>
      <Button className="button plain small" aria-label={`Speed: ${speed}×`}>
        <span className="mono">{speed}×</span>
        <ChevronDown size={12} aria-hidden="true" />
      </Button>
      <Popover className="popover" placement="top end" offset={4}>
        <Menu
          className="menu speeds"
          aria-label="Speed"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[String(speed)]}
          onSelectionChange={(keys: Keys) => {
            if (keys !== 'all') for (const key of keys) onSpeed(Number(key));
          }}
        >
          {SPEEDS.map((one) => (
            <MenuItem key={one} id={String(one)} className="menu-item mono" textValue={`${one}×`}>
              <Tick on={one === speed} />
              {one}×
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
