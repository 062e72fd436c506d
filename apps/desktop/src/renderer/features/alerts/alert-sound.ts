/** Two calm tones, one after the other, in hertz; a falling third. */
const TONES = [659.25, 523.25] as const
const TONE_SECONDS = 0.32
const LOUDNESS = 0.16
/** Rises and falls softly: nothing clicks. */
const FADE_SECONDS = 0.04

/** Sounds once. Made here, so that no file has to be fetched. */
export function soundOnce(context: AudioContext): void {
  TONES.forEach((frequency, nth) => {
    const begins = context.currentTime + nth * TONE_SECONDS
    const ends = begins + TONE_SECONDS * 1.6
    const tone = new OscillatorNode(context, { type: 'sine', frequency })
    const volume = new GainNode(context, { gain: 0 })
    volume.gain.setValueAtTime(0, begins)
    volume.gain.linearRampToValueAtTime(LOUDNESS, begins + FADE_SECONDS)
    volume.gain.exponentialRampToValueAtTime(0.001, ends)
    tone.connect(volume).connect(context.destination)
    tone.start(begins)
    tone.stop(ends)
  })
}
