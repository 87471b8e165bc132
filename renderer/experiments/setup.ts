// Which experiment the Run button runs, with which parameters and cuts. Values are kept as they were typed and judged
// by the experiment's own declaration, so that what is wrong can be said beside the field.

import { createStore } from 'zustand/vanilla';
import type { CommandArgs, ExperimentInfo, Parameter } from '../../shared/contract.ts';

interface SetupState {
  /** Id of the experiment; null: the first one. */
  readonly experiment: string | null;
  /** The chosen one shows its details. */
  readonly open: boolean;
  /** By experiment, then by parameter: what was typed. Absent: the default. */
  readonly typed: Readonly<Record<string, Readonly<Record<string, string | boolean>>>>;
  /** By experiment: index of the cuts to try; absent: none of them. */
  readonly cuts: Readonly<Record<string, number>>;
  /** By experiment: the URL of the user's own server, as typed; absent or empty: the test server. */
  readonly targets: Readonly<Record<string, string>>;
}

export type Setup = ReturnType<typeof createSetup>;

export function createSetup() {
  const store = createStore<SetupState>(() => ({
    experiment: null,
    open: false,
    typed: {},
    cuts: {},
    targets: {},
  }));
  return {
    store,

    choose(experiment: string): void {
      store.setState({ experiment });
    },

    /** Chooses and shows its details; hides them when they are shown. */
    toggle(experiment: string): void {
      const { experiment: chosen, open } = store.getState();
      store.setState({ experiment, open: !(open && chosen === experiment) });
    },

    type(experiment: string, parameter: string, value: string | boolean): void {
      const { typed } = store.getState();
      store.setState({ typed: { ...typed, [experiment]: { ...typed[experiment], [parameter]: value } } });
    },

    aim(experiment: string, url: string): void {
      store.setState({ targets: { ...store.getState().targets, [experiment]: url } });
    },

    /** Chooses the cuts with that index, or none. */
    chooseCuts(experiment: string, index: number | null): void {
      const { [experiment]: _before, ...others } = store.getState().cuts;
      store.setState({ cuts: index === null ? others : { ...others, [experiment]: index } });
    },
  };
}

/** The chosen experiment, else the first; null without any. */
export function chosenExperiment(
  state: SetupState,
  experiments: readonly ExperimentInfo[],
): ExperimentInfo | null {
  return experiments.find((info) => info.id === state.experiment) ?? experiments[0] ?? null;
}

/** What a field shows. */
export function shown(state: SetupState, experiment: string, parameter: Parameter): string | boolean {
  const typed = state.typed[experiment]?.[parameter.name];
  if (typed !== undefined) return typed;
  return typeof parameter.default === 'boolean' ? parameter.default : String(parameter.default);
}

/** What is wrong with a value, as one sentence; null if nothing is. */
export function judge(parameter: Parameter, value: string | boolean): string | null {
  if (typeof value === 'boolean' || parameter.type === 'boolean') return null;
  if (parameter.type === 'string')
    return parameter.choices !== undefined && !parameter.choices.includes(value)
      ? `Choose one of ${parameter.choices.join(', ')}.`
      : null;
  const number = toNumber(value);
  const { minimum, maximum } = parameter;
  if (Number.isNaN(number)) return 'A number is needed here.';
  if (minimum !== undefined && number < minimum) return `At least ${minimum.toLocaleString('en-US')}.`;
  if (maximum !== undefined && number > maximum) return `At most ${maximum.toLocaleString('en-US')}.`;
  return null;
}

/** What is wrong with the URL of a server, as one sentence; null if nothing is. */
export function judgeTarget(typed: string): string | null {
  const text = typed.trim();
  if (text === '' || (/^https?:\/\/./i.test(text) && URL.canParse(text))) return null;
  return 'An http or https URL is needed here, such as http://127.0.0.1:8080/upload.';
}

/** What `run` is told; null while a value is wrong. Parameters at their default are sent too. */
export function runArguments(
  state: SetupState,
  info: ExperimentInfo,
): Omit<CommandArgs<'run'>, 'experiment'> | null {
  const parameters: CommandArgs<'run'>['parameters'] = {};
  for (const parameter of info.parameters) {
    const value = shown(state, info.id, parameter);
    if (judge(parameter, value) !== null) return null;
    if (parameter.type === 'boolean') parameters[parameter.name] = value === true || value === 'true';
    else parameters[parameter.name] = parameter.type === 'number' ? toNumber(String(value)) : String(value);
  }
  const target = (state.targets[info.id] ?? '').trim();
  if (judgeTarget(target) !== null) return null;
  const index = state.cuts[info.id];
  const cuts = index === undefined ? [] : [...(info.cuts[index]?.specs ?? [])];
  return { parameters, cuts, ...(target === '' ? {} : { target }) };
}

/** Reads a number as people type it: `1,000,000`, `1 000 000`. NaN for anything else. */
function toNumber(text: string): number {
  const bare = text.trim().replaceAll(/[, _\u00A0]/g, '');
  return bare === '' ? NaN : Number(bare);
}
