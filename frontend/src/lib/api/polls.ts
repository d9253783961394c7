/** Which times suit: proposed, answered, booked. `start` is wall time in the poll's zone. */
import { api, want } from './client.js';
import type { components } from './schema.js';

type Shapes = components['schemas'];

export type Poll = Shapes['PollView'];
export type PollTime = Shapes['PollTimeView'];
export type NewPoll = Shapes['NewPoll'];
export type Suits = Shapes['TimeAnswer']['answer'];
export type Chosen = Shapes['BookTime'];
export type Again = NonNullable<Chosen['again']>;

const inCircle = (circle: string) => ({ params: { path: { circle } } });
const at = (poll: string) => ({ params: { path: { poll } } });

export const getPolls = (circle: string) => want(api.GET('/api/circles/{circle}/polls', inCircle(circle)));
export const proposeTimes = (circle: string, body: NewPoll) =>
	want(api.POST('/api/circles/{circle}/polls', { ...inCircle(circle), body }));

export const getPoll = (id: string) => want(api.GET('/api/polls/{poll}', at(id)));
export const answerPoll = (id: string, start: string, answer: Suits) =>
	want(api.POST('/api/polls/{poll}/answers', { ...at(id), body: { answers: [{ start, answer }] } }));
export const closePoll = (id: string) => want(api.POST('/api/polls/{poll}/close', { ...at(id), body: {} }));
export const bookTime = (id: string, body: Chosen) =>
	want(api.POST('/api/polls/{poll}/book', { ...at(id), body }));

export const lookAtPolls = (token: string) => want(api.POST('/api/answer/polls/look', { body: { token } }));
export const answerByLink = (token: string, poll: string, start: string, answer: Suits) =>
	want(api.POST('/api/answer/polls', { body: { token, poll, answers: [{ start, answer }] } }));
