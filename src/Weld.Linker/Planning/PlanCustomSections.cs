using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Options;
using Weld.Linker.Resolution;

namespace Weld.Linker.Planning;

/// <summary>Custom sections: which are kept, and where each input section is in its output section.</summary>
/// <remarks>Debug information takes long to merge and nothing else in planning depends on it: it is done at the same time.</remarks>
public sealed class PlanCustomSections
{
    private readonly ResolvedProgram _program;
    private readonly LinkOptions _options;

    private PlanCustomSections(ResolvedProgram program, LinkOptions options)
    {
        _program = program;
        _options = options;
        Places = new CustomPlace[program.CustomSectionCount];
    }

    /// <summary>The sections in output order.</summary>
    public List<OutputCustomSection> Sections { get; } = [];

    /// <summary>The place of each custom section of each object.</summary>
    public CustomPlace[] Places { get; }

    /// <summary>What is wrong with them.</summary>
    public DiagnosticBag Diagnostics { get; } = new();

    public static PlanCustomSections Run(ResolvedProgram program, LinkOptions options)
    {
        var stage = new PlanCustomSections(program, options);
        stage.Collect();
        return stage;
    }

    private void Collect()
    {
        // Null for names that are not copied.
        var byName = new Dictionary<Utf8String, List<(LinkedObject Owner, uint Section)>?>();
        var order = new List<Utf8String>();
        foreach (LinkedObject owner in _program.Objects)
            for (uint i = 0; i < owner.Object.CustomSections.Length; i++)
            {
                ref InputCustomSection section = ref owner.Object.CustomSections[i];
                if (section.Size == 0 || owner.IsDiscarded(section.Comdat))
                    continue;
                if (!byName.TryGetValue(section.Name, out List<(LinkedObject, uint)>? members))
                {
                    byName.Add(section.Name, members = IsCopied(section.Name) ? [] : null);
                    if (members is not null)
                        order.Add(section.Name);
                }
                members?.Add((owner, i));
            }
        foreach (Utf8String name in order)
            Sections.Add(Concatenate(name, byName[name]!));
    }

    private bool IsCopied(Utf8String name)
    {
        // Made by the linker, or for other tools only. Loaders would believe what an object says in a dylink section.
        if (name.StartsWith("dylink"u8) || name.Equals("linking"u8) || name.Equals("name"u8) || name.Equals("producers"u8) || name.Equals("target_features"u8)
            || name.StartsWith("reloc."u8) || name.Equals(".llvmbc"u8) || name.Equals(".llvmcmd"u8))
            return false;
        // As in wasm-ld, --keep-section brings back names, producers and features only.
        return !name.StartsWith(".debug_"u8) || !(_options.StripDebug || _options.StripAll);
    }

    private OutputCustomSection Concatenate(Utf8String name, List<(LinkedObject Owner, uint Section)> members)
    {
        var output = new OutputCustomSection { Name = name };
        MergedStrings? strings = IsMerged(name) ? MergeStrings(members) : null;
        // llvm-cov reads coverage records in place, at aligned addresses.
        ulong alignment = name.Equals("__llvm_covfun"u8) || name.Equals("__llvm_covmap"u8) ? 8ul : 1;
        long size = 0;
        if (strings is not null)
        {
            output.Chunks.Add(new CustomChunk(null, 0, strings, 0, strings.Size));
            output.Size = strings.Size;
            return output;
        }
        foreach ((LinkedObject owner, uint index) in members)
        {
            uint sectionSize = owner.Object.CustomSections[index].Size;
            size = (long)Alignment.Up((ulong)size, alignment);
            Places[owner.FirstCustomSection + (int)index] = new CustomPlace { Offset = size, Output = Sections.Count };
            output.Chunks.Add(new CustomChunk(owner, index, null, size, sectionSize));
            size += sectionSize;
        }
        output.Size = size;
        return output;
    }

    private bool IsMerged(Utf8String name) => _options.Optimize != 0
        && (name.Equals(".debug_str"u8) || name.Equals(".debug_str.dwo"u8) || name.Equals(".debug_line_str"u8));

    private MergedStrings MergeStrings(List<(LinkedObject Owner, uint Section)> members)
    {
        var strings = new MergedStrings();
        foreach ((LinkedObject owner, uint index) in members)
        {
            ref InputCustomSection section = ref owner.Object.CustomSections[index];
            int number = strings.Add(owner.Object.File.Slice(section.Offset, section.Size));
            Places[owner.FirstCustomSection + (int)index] = new CustomPlace { Strings = strings, Section = number, Output = Sections.Count };
        }
        strings.Finish(_options.Threads);
        foreach (int damaged in strings.Damaged)
        {
            (LinkedObject owner, uint index) = members[damaged];
            ref InputCustomSection section = ref owner.Object.CustomSections[index];
            Diagnostics.Add(InputErrors.UnterminatedString(owner.DisplayName, section.Name.ToString(), section.Offset, owner.Object.Slice(section.Offset, section.Size)));
        }
        return strings;
    }
}
