//! Input methods: from keys to characters.
