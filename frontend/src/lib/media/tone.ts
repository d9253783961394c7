/** Soft sounds made here: nothing is fetched for them. */
interface Notes {
	/** In Hz, one after the other. */
	pitches: readonly number[];
	/** Seconds between their beginnings, and until all of them have faded. */
	apart: number;
	long: number;
	/** Of full scale. */
	loud: number;
}

const CHECK: Notes = { pitches: [440, 554.37, 659.25], apart: 0.35, long: 1.6, loud: 0.12 };
const OPENED: Notes = { pitches: [392, 523.25], apart: 0.22, long: 1.3, loud: 0.07 };
const KNOCKED: Notes = { pitches: [329.63, 329.63], apart: 0.3, long: 0.9, loud: 0.06 };

/** To hear whether the speaker is on. Starts inside a tap, so it may sound. */
export const playTone = (): Promise<void> => play(CHECK);

/** For somebody who waited at the door, or who can open it. */
export const playCall = (call: 'opened' | 'knocked'): Promise<void> =>
	play(call === 'opened' ? OPENED : KNOCKED);

async function play({ pitches, apart, long, loud }: Notes): Promise<void> {
	const context = new AudioContext();
	try {
		// Held back by the browser until the next tap, it would sound at a strange moment.
		if (await mayStart(context)) await sound(context, { pitches, apart, long, loud });
	} finally {
		await context.close();
	}
}

async function mayStart(context: AudioContext): Promise<boolean> {
	await Promise.race([context.resume(), passing(300)]);
	return context.state === 'running';
}

async function sound(context: AudioContext, { pitches, apart, long, loud }: Notes): Promise<void> {
	const { currentTime: now } = context;
	for (const [index, frequency] of pitches.entries()) {
		const [start, end] = [now + index * apart, now + long];
		const volume = new GainNode(context, { gain: 0 });
		volume.gain.setValueAtTime(0, start);
		volume.gain.linearRampToValueAtTime(loud, start + 0.06);
		volume.gain.linearRampToValueAtTime(0, end);
		const tone = new OscillatorNode(context, { frequency });
		tone.connect(volume).connect(context.destination);
		tone.start(start);
		tone.stop(end);
	}
	await passing(long * 1000 + 100);
}

const passing = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
