/** What a change is called: in the heading of its dialog, and on the button that carries it out. */
import type { Occurrence, Series } from '../api/types.js';
import { span, wall } from '../calendar/dates.js';
import { duration, inWords } from '../calendar/pattern.js';
import { m } from '../messages/messages.js';
import { isolate } from '../ui/words.js';
import type { Act, Changing } from './changing.svelte.js';

const ACTS: Record<Act, () => string> = {
	change: m.change_act,
	cancel: m.cancel,
	restore: m.restore,
	cancelAll: m.series_cancel,
	restoreAll: m.series_restore,
	extra: m.extra_add,
	clone: m.clone,
};

/** There is something to fill in first. */
export function asks({ act }: Changing): boolean {
	return act === 'change' || act === 'extra' || act === 'clone';
}

export function isDanger({ act }: Changing): boolean {
	return act === 'cancel' || act === 'cancelAll';
}

export function actOf(changing: Changing): string {
	if (changing.act === 'restore' && !changing.date?.cancelled) return m.restore_plan();
	return ACTS[changing.act]();
}

export function titleOf({ act, date, series, scope }: Changing): string {
	const title = isolate(series.title);
	const when = date ? span(date.starts_at) : '';
	switch (act) {
		case 'change':
			return date && scope !== 'all' ? m.change_one_title({ when }) : m.change_all();
		case 'cancel':
			return m.cancel_ask({ when });
		case 'restore':
			return date?.cancelled ? m.restore_ask({ when }) : m.restore_plan_ask({ when });
		case 'cancelAll':
			return m.series_cancel_ask({ title });
		case 'restoreAll':
			return m.series_restore_ask({ title });
		case 'extra':
			return m.extra_add();
		case 'clone':
			return m.clone();
	}
}

export function leadOf({ act, date }: Changing): string | undefined {
	if (act === 'change' && !date) return m.change_all_over();
	if (act === 'extra') return m.extra_means();
	return act === 'clone' ? m.clone_means() : undefined;
}

/** Before and after, where the two differ in words. */
export function whatChanges(changing: Changing): { label: string; words: string }[] {
	const { act, date, scope, series, rehearsed } = changing;
	const after = rehearsed?.series;
	if (!after || act === 'cancel' || act === 'cancelAll' || act === 'restoreAll') return [];
	if (act === 'extra' || act === 'clone') return [{ label: m.means_after(), words: plan(after) }];
	const [old, next] =
		date && scope === 'one'
			? [one(date, series), one(then(changing, date, after), after)]
			: [plan(series), plan(after)];
	if (old === next) return [];
	return [
		{ label: m.means_before(), words: old },
		{ label: m.means_after(), words: next },
	];
}

type Told = Pick<Occurrence, 'local' | 'minutes' | 'title'>;

/** The server tells the next few dates only; of one beyond them, what was wished. */
function then({ act, wish, series }: Changing, date: Occurrence, after: Series): Told {
	const told = after.next.find(({ original }) => original === date.original);
	if (told) return told;
	if (act === 'restore') return { local: date.original, minutes: series.minutes, title: null };
	return {
		local: wish.to ?? date.local,
		minutes: wish.minutes ?? date.minutes,
		title: wish.title ?? date.title,
	};
}

function one(date: Told, series: Series): string {
	const title = date.title ?? series.title;
	return [isolate(title), wall(date.local), duration(date.minutes)].join(' · ');
}

function plan(series: Series): string {
	return [isolate(series.title), inWords(series, { there: true })].join(' · ');
}
