using Xunit;

[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace Weld.FileTests;

public sealed class ArchivesCases : CaseFolder<ArchivesCases>, ICaseFolder
{
    public static string Folder => "link/archives";
}

public sealed class ComdatCases : CaseFolder<ComdatCases>, ICaseFolder
{
    public static string Folder => "link/comdat";
}

public sealed class CommandsCases : CaseFolder<CommandsCases>, ICaseFolder
{
    public static string Folder => "link/commands";
}

public sealed class DiagnosticsCases : CaseFolder<DiagnosticsCases>, ICaseFolder
{
    public static string Folder => "link/diagnostics";
}

public sealed class DuplicatesCases : CaseFolder<DuplicatesCases>, ICaseFolder
{
    public static string Folder => "link/duplicates";
}

public sealed class ExportsCases : CaseFolder<ExportsCases>, ICaseFolder
{
    public static string Folder => "link/exports";
}

public sealed class FeaturesCases : CaseFolder<FeaturesCases>, ICaseFolder
{
    public static string Folder => "link/features";
}

public sealed class ImportsCases : CaseFolder<ImportsCases>, ICaseFolder
{
    public static string Folder => "link/imports";
}

public sealed class InitCases : CaseFolder<InitCases>, ICaseFolder
{
    public static string Folder => "link/init";
}

public sealed class InputsCases : CaseFolder<InputsCases>, ICaseFolder
{
    public static string Folder => "link/inputs";
}

public sealed class LayoutCases : CaseFolder<LayoutCases>, ICaseFolder
{
    public static string Folder => "link/layout";
}

public sealed class LivenessCases : CaseFolder<LivenessCases>, ICaseFolder
{
    public static string Folder => "link/liveness";
}

public sealed class MalformedCases : CaseFolder<MalformedCases>, ICaseFolder
{
    public static string Folder => "link/malformed";
}

public sealed class MemoryCases : CaseFolder<MemoryCases>, ICaseFolder
{
    public static string Folder => "link/memory";
}

public sealed class NamesCases : CaseFolder<NamesCases>, ICaseFolder
{
    public static string Folder => "link/names";
}

public sealed class OptionsCases : CaseFolder<OptionsCases>, ICaseFolder
{
    public static string Folder => "link/options";
}

public sealed class PicCases : CaseFolder<PicCases>, ICaseFolder
{
    public static string Folder => "link/pic";
}

public sealed class ProducersCases : CaseFolder<ProducersCases>, ICaseFolder
{
    public static string Folder => "link/producers";
}

public sealed class RelocatableCases : CaseFolder<RelocatableCases>, ICaseFolder
{
    public static string Folder => "link/relocatable";
}

public sealed class RelocationsCases : CaseFolder<RelocationsCases>, ICaseFolder
{
    public static string Folder => "link/relocations";
}

public sealed class ReportsCases : CaseFolder<ReportsCases>, ICaseFolder
{
    public static string Folder => "link/reports";
}

public sealed class ResolutionCases : CaseFolder<ResolutionCases>, ICaseFolder
{
    public static string Folder => "link/resolution";
}

public sealed class SectionsCases : CaseFolder<SectionsCases>, ICaseFolder
{
    public static string Folder => "link/sections";
}

public sealed class SignaturesCases : CaseFolder<SignaturesCases>, ICaseFolder
{
    public static string Folder => "link/signatures";
}

public sealed class StringsCases : CaseFolder<StringsCases>, ICaseFolder
{
    public static string Folder => "link/strings";
}

public sealed class StripCases : CaseFolder<StripCases>, ICaseFolder
{
    public static string Folder => "link/strip";
}

public sealed class SymbolsCases : CaseFolder<SymbolsCases>, ICaseFolder
{
    public static string Folder => "link/symbols";
}

public sealed class TableCases : CaseFolder<TableCases>, ICaseFolder
{
    public static string Folder => "link/table";
}

public sealed class TagsCases : CaseFolder<TagsCases>, ICaseFolder
{
    public static string Folder => "link/tags";
}

public sealed class ThreadsCases : CaseFolder<ThreadsCases>, ICaseFolder
{
    public static string Folder => "link/threads";
}

public sealed class UndefinedCases : CaseFolder<UndefinedCases>, ICaseFolder
{
    public static string Folder => "link/undefined";
}

public sealed class Wasm64Cases : CaseFolder<Wasm64Cases>, ICaseFolder
{
    public static string Folder => "link/wasm64";
}

public sealed class WrapCases : CaseFolder<WrapCases>, ICaseFolder
{
    public static string Folder => "link/wrap";
}

/// <summary>The folders and the classes above are the same, so that no case is left out.</summary>
public sealed class CaseFolderTests
{
    [Fact]
    public void Every_folder_has_a_class()
    {
        IEnumerable<string> classes = typeof(ICaseFolder).Assembly.GetTypes()
            .Where(static type => type.IsClass && type.IsAssignableTo(typeof(ICaseFolder)))
            .Select(static type => (string)type.GetProperty(nameof(ICaseFolder.Folder))!.GetValue(null)!)
            .Order(StringComparer.Ordinal);
        Assert.Equal(CaseFiles.Folders, classes);
    }
}
