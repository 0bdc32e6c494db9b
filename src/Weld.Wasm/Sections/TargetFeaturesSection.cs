using Weld.Base;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>What an object says about a feature.</summary>
public enum FeaturePrefix : byte
{
    /// <summary>The object uses the feature.</summary>
    Used = (byte)'+',

    /// <summary>The object must not be linked with objects that use the feature.</summary>
    Disallowed = (byte)'-',
}

/// <summary>One entry of the section.</summary>
public readonly record struct TargetFeature(FeaturePrefix Prefix, Utf8String Name);

/// <summary>The "target_features" custom section.</summary>
/// <remarks>https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md#target-features-section</remarks>
public static class TargetFeaturesSection
{
    private const int FewFeatures = 32;

    public static ReadOnlySpan<byte> Name => "target_features"u8;

    public static TargetFeature[] Read(ref WasmReader reader)
    {
        var features = new TargetFeature[reader.ReadCount("feature", minimumSize: 2)];
        // A set pays only where no compiler gets to.
        HashSet<Utf8String>? names = features.Length > FewFeatures ? [] : null;
        for (int i = 0; i < features.Length; i++)
        {
            var prefix = (FeaturePrefix)reader.ReadByte();
            if (prefix is not (FeaturePrefix.Used or FeaturePrefix.Disallowed))
                throw reader.Malformed("unknown feature policy prefix");
            Utf8String name = Utf8String.FromPinned(reader.ReadName());
            if (names is null ? Contains(features.AsSpan(0, i), name) : !names.Add(name))
                throw reader.Malformed($"target features section contains repeated feature \"{name}\"");
            features[i] = new TargetFeature(prefix, name);
        }
        return features;
    }

    private static bool Contains(ReadOnlySpan<TargetFeature> features, Utf8String name)
    {
        foreach (ref readonly TargetFeature feature in features)
            if (feature.Name.Equals(name))
                return true;
        return false;
    }

    /// <summary>Writes the features as used, in the order given.</summary>
    public static void Write(WasmWriter writer, IReadOnlyCollection<string> features)
    {
        writer.WriteLebU32((uint)features.Count);
        foreach (string feature in features)
        {
            writer.WriteByte((byte)FeaturePrefix.Used);
            writer.WriteName(feature);
        }
    }
}
