/**
 * What one sends to each of the others. Everyone connected with everyone means that a phone
 * makes and sends its picture once per person: the more people, the smaller the picture.
 * Sound comes first, and is never made smaller.
 */
import type { Kind } from './link.js';

type Share = Pick<RTCRtpEncodingParameters, 'maxBitrate' | 'maxFramerate' | 'scaleResolutionDownBy'>;

const SOUND = { priority: 'high', networkPriority: 'high' } as const;
/** For one, two, three and more others; a camera gives 640 × 360. */
const PICTURES: readonly Share[] = [
	{ maxBitrate: 800_000, maxFramerate: 24, scaleResolutionDownBy: 1 },
	{ maxBitrate: 400_000, maxFramerate: 24, scaleResolutionDownBy: 1 },
	{ maxBitrate: 260_000, maxFramerate: 20, scaleResolutionDownBy: 1.5 },
	{ maxBitrate: 150_000, maxFramerate: 15, scaleResolutionDownBy: 2 },
];

export function picture(others: number): Share {
	return PICTURES[Math.min(Math.max(others, 1), PICTURES.length) - 1]!;
}

/** Rejects where the connection is just being closed or described anew; the next time it holds. */
export async function apportion(sender: RTCRtpSender, kind: Kind, others: number): Promise<void> {
	const parameters = sender.getParameters();
	const encoding = parameters.encodings?.[0];
	if (!encoding) return; // not yet agreed upon
	Object.assign(encoding, kind === 'audio' ? SOUND : { ...picture(others), priority: 'low' });
	await sender.setParameters(parameters);
}
