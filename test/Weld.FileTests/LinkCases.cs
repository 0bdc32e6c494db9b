using Xunit;

[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace Weld.FileTests;

public sealed class InputsCases : CaseFolder<InputsCases>, ICaseFolder
{
    public static string Folder => "link/inputs";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class ArchivesCases : CaseFolder<ArchivesCases>, ICaseFolder
{
    public static string Folder => "link/archives";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class ResolutionCases : CaseFolder<ResolutionCases>, ICaseFolder
{
    public static string Folder => "link/resolution";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class ComdatCases : CaseFolder<ComdatCases>, ICaseFolder
{
    public static string Folder => "link/comdat";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class SignaturesCases : CaseFolder<SignaturesCases>, ICaseFolder
{
    public static string Folder => "link/signatures";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class UndefinedCases : CaseFolder<UndefinedCases>, ICaseFolder
{
    public static string Folder => "link/undefined";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class WrapCases : CaseFolder<WrapCases>, ICaseFolder
{
    public static string Folder => "link/wrap";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class LivenessCases : CaseFolder<LivenessCases>, ICaseFolder
{
    public static string Folder => "link/liveness";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class LayoutCases : CaseFolder<LayoutCases>, ICaseFolder
{
    public static string Folder => "link/layout";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class SymbolsCases : CaseFolder<SymbolsCases>, ICaseFolder
{
    public static string Folder => "link/symbols";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class TableCases : CaseFolder<TableCases>, ICaseFolder
{
    public static string Folder => "link/table";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class MemoryCases : CaseFolder<MemoryCases>, ICaseFolder
{
    public static string Folder => "link/memory";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class ExportsCases : CaseFolder<ExportsCases>, ICaseFolder
{
    public static string Folder => "link/exports";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class ImportsCases : CaseFolder<ImportsCases>, ICaseFolder
{
    public static string Folder => "link/imports";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class InitCases : CaseFolder<InitCases>, ICaseFolder
{
    public static string Folder => "link/init";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class RelocationsCases : CaseFolder<RelocationsCases>, ICaseFolder
{
    public static string Folder => "link/relocations";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class SectionsCases : CaseFolder<SectionsCases>, ICaseFolder
{
    public static string Folder => "link/sections";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class OptionsCases : CaseFolder<OptionsCases>, ICaseFolder
{
    public static string Folder => "link/options";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}

public sealed class ErrorsCases : CaseFolder<ErrorsCases>, ICaseFolder
{
    public static string Folder => "link/errors";

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file) => Check(file);
}
