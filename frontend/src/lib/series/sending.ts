/** Which request carries out which change. */
import * as api from '../api/series.js';
import type { Changed } from '../api/types.js';
import type { Changing } from './changing.svelte.js';

export function send(changing: Changing, dry: boolean): Promise<Changed> {
	const { series, date } = changing;
	const original = date?.original ?? '';
	switch (changing.act) {
		case 'change':
			return api.changeSeries(series.id, changing.wish, dry);
		case 'cancel':
			return api.cancelDate(series.id, original, dry);
		case 'restore':
			return api.restoreDate(series.id, original, dry);
		case 'cancelAll':
			return api.cancelSeries(series.id, dry);
		case 'restoreAll':
			return api.restoreSeries(series.id, dry);
		case 'extra':
			return api.addExtra(series.id, { ...extraOf(changing), dry }, changing.key);
		case 'clone':
			return api.cloneSeries(
				series.id,
				{ start: changing.start, circle: changing.circle, dry },
				changing.key,
			);
	}
}

function extraOf({ start, minutes, title }: Changing): { start: string; minutes: number; title: string } {
	return { start, minutes: Number(minutes), title: title.trim() };
}
