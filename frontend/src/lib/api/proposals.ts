/** Other times that people have proposed from their calendar. */
import { api, want } from './client.js';
import type { components } from './schema.js';

export type Proposal = components['schemas']['ProposalView'];

const one = (proposal: string) => ({ params: { path: { proposal } }, body: {} });

export const getProposals = (series: string) =>
	want(api.GET('/api/series/{series}/proposals', { params: { path: { series } } }));
export const acceptProposal = (id: string) => want(api.POST('/api/proposals/{proposal}/accept', one(id)));
export const declineProposal = (id: string) => want(api.POST('/api/proposals/{proposal}/decline', one(id)));
