//! Weight and KV-cache formats the Scenario can name.

macro_rules! formats {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $id:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
        impl $name {
            /// Every value, in the order of the Scenario's documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Every id, in the same order.
            pub const IDS: &'static [&'static str] = &[$($id),+];
            /// The id used in scenarios and links.
            pub const fn id(self) -> &'static str { match self { $(Self::$variant => $id),+ } }
            /// The value of an id.
            pub fn from_id(id: &str) -> Option<Self> { match id { $($id => Some(Self::$variant),)+ _ => None } }
        }
        impl std::fmt::Display for $name { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.id()) } }
    };
}
pub(crate) use formats;

formats! {
    /// Format of the weights.
    Quantization {
        /// bfloat16.
        Bf16 = "bf16",
        /// 16-bit float.
        Fp16 = "fp16",
        /// 8-bit float, scales per tensor or channel.
        Fp8 = "fp8",
        /// 8-bit float, scales per 128x128 block.
        Fp8Block = "fp8-block",
        /// 8-bit integer.
        Int8 = "int8",
        /// 4-bit integer, activation-aware (AWQ), groups of 128.
        AwqInt4 = "awq-int4",
        /// 4-bit integer (GPTQ), groups of 128.
        GptqInt4 = "gptq-int4",
        /// 4-bit NormalFloat (bitsandbytes).
        Nf4 = "nf4",
        /// 4-bit microscaling float, groups of 32.
        Mxfp4 = "mxfp4",
        /// 4-bit float with 8-bit scales, groups of 16.
        Nvfp4 = "nvfp4",
        /// llama.cpp Q8_0 file.
        GgufQ8_0 = "gguf-q8_0",
        /// llama.cpp Q6_K file.
        GgufQ6K = "gguf-q6_k",
        /// llama.cpp Q5_K_M file.
        GgufQ5KM = "gguf-q5_k_m",
        /// llama.cpp Q4_K_M file.
        GgufQ4KM = "gguf-q4_k_m",
        /// llama.cpp Q4_0 file.
        GgufQ4_0 = "gguf-q4_0",
        /// llama.cpp IQ4_XS file.
        GgufIq4Xs = "gguf-iq4_xs",
        /// llama.cpp Q3_K_M file.
        GgufQ3KM = "gguf-q3_k_m",
        /// llama.cpp Q2_K file.
        GgufQ2K = "gguf-q2_k",
        /// As released.
        Native = "native",
    }
}

formats! {
    /// Format of the KV cache.
    KvDtype {
        /// The engine's default for the weights.
        Auto = "auto",
        /// bfloat16.
        Bf16 = "bf16",
        /// 8-bit float.
        Fp8 = "fp8",
        /// 8-bit integer.
        Int8 = "int8",
        /// 4-bit float with 8-bit scales.
        Nvfp4 = "nvfp4",
        /// llama.cpp q8_0 blocks.
        Q8_0 = "q8_0",
        /// llama.cpp q4_0 blocks.
        Q4_0 = "q4_0",
    }
}
