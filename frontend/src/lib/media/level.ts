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

function loudness(samples: Float32Array): number {
	return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}
