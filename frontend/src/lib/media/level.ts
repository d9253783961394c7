/** How loud a microphone is, from 0 to 1; for the eye, not for measuring. */
const EVERY = 120;
const GAIN = 5;

export function hearLevel(track: MediaStreamTrack, tell: (level: number) => void): () => void {
	if (typeof AudioContext === 'undefined') return () => {};
	const context = new AudioContext();
	const analyser = new AnalyserNode(context, { fftSize: 512 });
	context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
	const samples = new Float32Array(analyser.fftSize);
	const timer = setInterval(() => {
		analyser.getFloatTimeDomainData(samples);
		tell(Math.min(1, GAIN * loudness(samples)));
	}, EVERY);
	return () => {
		clearInterval(timer);
		void context.close();
		tell(0);
	};
}

/** A soft tone, to hear whether the speaker is on. Starts inside a tap, so it may sound. */
export async function playTone(): Promise<void> {
	const context = new AudioContext();
	await context.resume();
	const volume = new GainNode(context, { gain: 0 });
	volume.connect(context.destination);
	const { currentTime: now } = context;
	for (const [index, frequency] of [440, 554.37, 659.25].entries()) {
		const tone = new OscillatorNode(context, { frequency });
		tone.connect(volume);
		tone.start(now + index * 0.35);
		tone.stop(now + 1.6);
	}
	volume.gain.linearRampToValueAtTime(0.12, now + 0.2);
	volume.gain.linearRampToValueAtTime(0, now + 1.6);
	await new Promise((done) => setTimeout(done, 1700));
	await context.close();
}

function loudness(samples: Float32Array): number {
	return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}
