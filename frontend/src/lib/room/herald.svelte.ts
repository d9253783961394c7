/**
 * Says in passing who came and went: politely and in batches, so that ten people arriving
 * are one sentence for a screen reader.
 */
import { list } from '../calendar/dates.js';
import { m } from '../messages/messages.js';
import type { News } from './room.svelte.js';
import { isolate } from './words.js';

const PAUSE = 1500;

const SENTENCE: Record<News['kind'], (names: { names: string }) => string> = {
	joined: m.room_news_joined,
	left: m.room_news_left,
	knocked: m.room_news_knocked,
	said: m.room_news_said,
	opened: () => m.room_news_opened(),
};

export class Herald {
	said = $state('');
	#batch: News[] = [];
	#after: (ms: number, what: () => void) => () => void;
	#cancel: (() => void) | null = null;

	constructor(after: (ms: number, what: () => void) => () => void) {
		this.#after = after;
	}

	tell(news: News): void {
		this.#batch.push(news);
		this.#cancel ??= this.#after(PAUSE, () => this.#speak());
	}

	close(): void {
		this.#cancel?.();
	}

	#speak(): void {
		this.#cancel = null;
		const batch = this.#batch.splice(0);
		const kinds = [...new Set(batch.map(({ kind }) => kind))];
		this.said = kinds.map((kind) => SENTENCE[kind]({ names: names(batch, kind) })).join('. ');
	}
}

function names(batch: News[], kind: News['kind']): string {
	const named = batch.filter((news) => news.kind === kind).map(nameIn);
	return list([...new Set(named)].map(isolate));
}

function nameIn(news: News): string {
	if (news.kind === 'opened') return '';
	return news.kind === 'said' ? news.line.name : news.name;
}
