/**
 * The addresses of the API and what they take and give, in the shape that
 * openapi-typescript writes, so that the generated `paths` can stand in its place.
 */
import type {
	Agreement,
	Answer,
	AnswerLook,
	Challenge,
	Circle,
	CircleInput,
	Entry,
	FeedLink,
	JoinLook,
	Member,
	OpenCircle,
	Passkey,
	Person,
	Plan,
	Preview,
	Series,
	SignIn,
	Upcoming,
} from './types.js';

interface Path<Names extends string> {
	path: Record<Names, string>;
}

type Call<Out, Body = undefined, Names extends string = never> = {
	parameters: [Names] extends [never] ? object : Path<Names>;
	responses: { 200: { content: { 'application/json': Out } } };
} & (Body extends undefined
	? { requestBody?: never }
	: { requestBody: { content: { 'application/json': Body } } });

type Empty = Record<string, never>;

export interface paths {
	'/api/me': {
		get: Call<{ person: Person | null }>;
		patch: Call<Person, Partial<Pick<Person, 'name' | 'locale' | 'zone' | 'detail' | 'summary'>>>;
		delete: Call<void>;
	};
	'/api/me/export': { get: Call<unknown> };
	'/api/me/signins': { get: Call<SignIn[]> };
	'/api/me/signins/{id}': { delete: Call<void, undefined, 'id'> };
	'/api/me/passkeys': {
		get: Call<Passkey[]>;
		post: Call<Passkey, { challenge_id: string; credential: unknown; label: string }>;
	};
	'/api/me/passkeys/{id}': { delete: Call<void, undefined, 'id'> };
	'/api/me/passkeys/options': { post: Call<Challenge<unknown>, Empty> };
	'/api/me/feed': { get: Call<FeedLink> };
	'/api/me/feed/rotate': { post: Call<FeedLink, Empty> };
	'/api/me/next': { get: Call<Upcoming[]> };
	'/api/me/answers': {
		post: Call<void, { series: string; original: string | null; answer: Answer }>;
	};
	'/api/signin': { post: Call<Empty, { address: string; locale: string; zone: string }> };
	'/api/signin/look': { post: Call<{ address: string }, { token: string }> };
	'/api/signin/link': { post: Call<{ person: Person }, { token: string }> };
	'/api/signin/passkey/options': { post: Call<Challenge<unknown>, Empty> };
	'/api/signin/passkey': {
		post: Call<{ person: Person }, { challenge_id: string; credential: unknown }>;
	};
	'/api/signout': { post: Call<void, Empty> };
	'/api/circles': {
		get: Call<Circle[]>;
		post: Call<Circle, CircleInput & { agreement: string }>;
	};
	'/api/circles/{id}': {
		get: Call<Circle, undefined, 'id'>;
		patch: Call<Circle, Partial<CircleInput>, 'id'>;
	};
	'/api/circles/{id}/agreement': { put: Call<Agreement, { text: string }, 'id'> };
	'/api/circles/{id}/members': { get: Call<Member[], undefined, 'id'> };
	'/api/circles/{id}/members/{membership}': { delete: Call<void, undefined, 'id' | 'membership'> };
	'/api/circles/{id}/invitations': {
		post: Call<{ invited: number; already: number }, { addresses: string[]; locale?: string }, 'id'>;
	};
	'/api/circles/{id}/series': {
		get: Call<Series[], undefined, 'id'>;
		post: Call<Series, Plan & { title: string }, 'id'>;
	};
	'/api/preview': { post: Call<Preview, Plan & { zones: string[]; count?: number }> };
	'/api/series/{id}': { get: Call<Series, undefined, 'id'> };
	'/api/series/{id}/cancel': { post: Call<Series, Empty, 'id'> };
	'/api/series/{id}/occurrences/{original}': {
		put: Call<Series, { to: string }, 'id' | 'original'>;
		delete: Call<Series, undefined, 'id' | 'original'>;
	};
	'/api/series/{id}/occurrences/{original}/restore': {
		post: Call<Series, Empty, 'id' | 'original'>;
	};
	'/api/answer/look': { post: Call<AnswerLook, { token: string }> };
	'/api/answer': {
		post: Call<AnswerLook, { token: string; series: string; original: string | null; answer: Answer }>;
	};
	'/api/open-circles': { get: Call<OpenCircle[]> };
	'/api/open-circles/{id}/ask': {
		post: Call<Empty, { address: string; locale: string; zone: string }, 'id'>;
	};
	'/api/join/look': { post: Call<JoinLook, { ticket: string }> };
	'/api/join': { post: Call<Entry, { ticket: string; name: string; agreement: number | null }> };
	'/api/seat/pass': { post: Call<Entry, Empty> };
	'/api/seat/leave': { post: Call<void, Empty> };
}
