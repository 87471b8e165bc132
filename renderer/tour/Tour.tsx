// The guide: one line above the timeline for each stop, and a frame around what it speaks of. Nothing waits for it.

import { ArrowLeft, ArrowRight, X } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { useLaboratory } from '../stores/context.ts';
import { STOPS } from './stops.ts';
import './tour.css';

export function Tour() {
  const { tour } = useLaboratory();
  const index = useStore(tour.store, (state) => state.stop);
  const stop = index === null ? undefined : STOPS[index];
  return stop === undefined || index === null ? null : <AtStop stop={stop} index={index} />;
}

function AtStop({ stop, index }: { readonly stop: (typeof STOPS)[number]; readonly index: number }) {
  const { tour } = useLaboratory();
  const { place } = stop;
  const panel = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    document.documentElement.dataset['tour'] = place;
    return () => {
      delete document.documentElement.dataset['tour'];
    };
  }, [place]);
  // Whoever leaves it by keyboard goes on where it has pointed to.
  useLayoutEffect(() => {
    const left = panel.current;
    return () => {
      if (left?.contains(document.activeElement) === true)
        document.querySelector<HTMLElement>('.timeline')?.focus();
    };
  }, []);
  const isLast = index === STOPS.length - 1;
  return (
    <section
      ref={panel}
      className="tour"
      aria-label="Tour"
      onKeyDown={(event) => {
        if (event.key === 'Escape') tour.leave();
      }}
    >
      <span className="tour-number mono">
        {index + 1}
        <span className="visually-hidden"> of {STOPS.length}</span>
      </span>
      <div className="tour-words">
        <h3 className="strong">{stop.title}</h3>
        <p>{stop.words}</p>
      </div>
      <div className="tour-steps" aria-hidden="true">
        {STOPS.map((one, at) => (
          <span key={one.place} className="dot" data-tone={at === index ? 'accent' : 'quiet'} />
        ))}
      </div>
      <div className="tour-actions">
        <Button
          className="button plain icon small"
          aria-label="Previous stop"
          isDisabled={index === 0}
          onPress={() => tour.step(-1)}
        >
          <ArrowLeft size={14} aria-hidden="true" />
        </Button>
        <Button className="button small" onPress={() => tour.step(1)}>
          {isLast ? 'Done' : 'Next'}
          {isLast ? null : <ArrowRight size={13} aria-hidden="true" />}
        </Button>
        <Button className="button plain icon small" aria-label="Leave the tour" onPress={() => tour.leave()}>
          <X size={13} aria-hidden="true" />
        </Button>
      </div>
    </section>
  );
}
