/** What a date may begin with, and what people can expect of it, in one sentence. */
import type { Series } from '../api/types.js';
import { m } from '../messages/messages.js';

export type Agenda = Series['agenda'];

const WORDS: Record<Agenda, readonly [name: () => string, expect: () => string]> = {
	'': [m.agenda_none, m.agenda_none_expect],
	check_in: [m.agenda_check_in, m.agenda_check_in_expect],
	story: [m.agenda_story, m.agenda_story_expect],
	newcomers: [m.agenda_newcomers, m.agenda_newcomers_expect],
	action: [m.agenda_action, m.agenda_action_expect],
	grief: [m.agenda_grief, m.agenda_grief_expect],
	silent: [m.agenda_silent, m.agenda_silent_expect],
	youth: [m.agenda_youth, m.agenda_youth_expect],
};

export const agendas = Object.keys(WORDS) as Agenda[];

export function agendaName(agenda: Agenda): string {
	return WORDS[agenda][0]();
}

export function whatToExpect(agenda: Agenda): string {
	return WORDS[agenda][1]();
}
