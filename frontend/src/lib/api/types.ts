/** What travels over HTTP. Times are ISO 8601 in UTC; `original`, `start`, `local` are wall time. */
import type { Weekday } from '../calendar/dates.js';
import type { Locale } from '../locale.svelte.js';

export type Role = 'facilitator' | 'member';
export type Answer = 'yes' | 'no' | 'maybe';
export type Detail = 'discreet' | 'full';
export type Openness = 'open' | 'invitation';

export interface Person {
	id: string;
	name: string;
	locale: Locale;
	zone: string;
	detail: Detail;
	summary: string | null;
	/** Masked. */
	address: string;
	passkeys: number;
}

export interface SignIn {
	id: string;
	created_at: string;
	last_seen_at: string;
	current: boolean;
}

export interface Passkey {
	id: string;
	label: string;
	created_at: string;
	last_used_on: string | null;
}

export interface Challenge<Options> {
	challenge_id: string;
	options: Options;
}

export interface FeedLink {
	url: string;
	webcal: string;
	last_used_on: string | null;
}

export interface Upcoming {
	series: string;
	circle: string;
	circle_name: string;
	title: string;
	original: string;
	starts_at: string;
	ends_at: string;
	zone: string;
	role: Role;
	cancelled: boolean;
	moved: boolean;
	answer: Answer | null;
	ticket_url: string;
	opens_at: string;
	open: boolean;
}

export interface CircleInput {
	name: string;
	purpose: string;
	languages: string[];
	openness: Openness;
	seats: number;
	hide_addresses: boolean;
}

export interface Agreement {
	version: number;
	text: string;
}

export interface Circle extends CircleInput {
	id: string;
	can_hide_addresses: boolean;
	role: Role;
	agreement: Agreement;
	members: number | null;
}

export interface Member {
	id: string;
	name: string;
	address: string;
	role: Role;
	invited_at: string;
	answer: Answer | null;
	ended: boolean;
	mail: 'waiting' | 'sent' | 'failed' | null;
}

export interface Rule {
	weekdays: Weekday[];
	interval: number;
	count: number | null;
	until: string | null;
}

export interface Plan {
	start: string;
	zone: string;
	minutes: number;
	/** null: once. */
	rule: Rule | null;
}

export interface Occurrence {
	original: string;
	starts_at: string;
	ends_at: string;
	local: string;
	cancelled: boolean;
	moved: boolean;
}

export interface Series extends Plan {
	id: string;
	circle: string;
	title: string;
	sequence: number;
	cancelled: boolean;
	next: Occurrence[];
}

export interface Preview {
	dates: { original: string; starts_at: string; in: { zone: string; local: string }[] }[];
	notes: { zone: string; original: string; shift_minutes: number }[];
}

export interface AnswerDate {
	series: string;
	title: string;
	original: string;
	starts_at: string;
	ends_at: string;
	zone: string;
	cancelled: boolean;
	answer: Answer | null;
}

export interface AnswerLook {
	name: string;
	circle_name: string;
	/** Masked address. */
	person: string;
	dates: AnswerDate[];
	whole: Record<string, Answer | null>;
	join_url: string;
}

export interface OpenCircle {
	id: string;
	name: string;
	purpose: string;
	languages: string[];
	next: { starts_at: string; minutes: number; zone: string } | null;
}

export interface JoinLook {
	state: 'open' | 'early' | 'none' | 'removed';
	circle_name: string;
	title: string;
	starts_at: string | null;
	ends_at: string | null;
	opens_at: string | null;
	zone: string | null;
	name: string;
	role: Role | 'guest';
	agreement: Agreement & { accepted: boolean };
	/** Other people's browsers can see the IP address. */
	direct: boolean;
	next: { starts_at: string } | null;
}

export interface Entry {
	pass: string;
	socket: string;
}
