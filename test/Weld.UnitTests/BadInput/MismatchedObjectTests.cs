using Weld.Wasm.Text;
using Xunit;

namespace Weld.UnitTests.BadInput;

/// <summary>Objects that are well-formed and do not fit together, where wasm-ld 22 crashes or writes an invalid module.</summary>
public sealed class MismatchedObjectTests
{
    [Fact]
    public void The_reference_that_extracts_a_member_is_checked_against_it()
    {
        using BadLink link = new BadLink()
            .Add("a.o", ObjectText.Assemble("import func f (i64)\nfunc _start () { i64.const 1 call f }"))
            .AddArchive("x.a", ("f.o", ObjectText.Assemble("func f (i32) { }")));
        Assert.Contains("function signature mismatch: f", Assert.Single(link.RunToModule()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_extracted_definition_may_be_of_another_kind()
    {
        using BadLink link = new BadLink()
            .Add("a.o", ObjectText.Assemble("import func f ()\nfunc _start () { call f }"))
            .AddArchive("x.a", ("f.o", ObjectText.Assemble("data .data.f { f: i32 1 }")));
        string error = link.RunToError();
        Assert.Contains("symbol type mismatch: f", error, StringComparison.Ordinal);
        Assert.Contains("f.o", error, StringComparison.Ordinal);
        Assert.Contains("a.o", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_extracted_definition_that_a_comdat_group_discards_is_undefined()
    {
        using BadLink link = new BadLink()
            .Add("a.o", ObjectText.Assemble("import func f ()\nfunc other () comdat=g { }\nfunc _start () { call other call f }"))
            .AddArchive("x.a", ("f.o", ObjectText.Assemble("func f () comdat=g { }")));
        Assert.Contains("undefined symbol: f", link.RunToError(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("import global x i32 weak\nfunc _start () { global.get x drop }")]
    [InlineData("features +exception-handling\nimport tag x () weak\nfunc _start () { throw x }")]
    [InlineData("import table x funcref 1 weak\nfunc _start () { i32.const 0 table.get x drop }")]
    public void Nothing_stands_for_a_weak_symbol_that_is_neither_function_nor_data(string text)
    {
        using BadLink link = new BadLink().Add("a.o", ObjectText.Assemble(text));
        Assert.Contains("undefined symbol: x", link.RunToError(), StringComparison.Ordinal);
    }

    [Fact]
    public void Constructors_are_references()
    {
        using BadLink link = new BadLink().Add("a.o", ObjectText.Assemble("import func construct ()\nfunc _start () { }\ninit 1 construct"));
        Assert.Contains("undefined symbol: construct", link.RunToError(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrapper_of_another_type_is_not_called()
    {
        using BadLink link = new BadLink("--wrap=f")
            .Add("a.o", ObjectText.Assemble("import func f (i32)\nfunc _start () { i32.const 1 call f }"))
            .Add("b.o", ObjectText.Assemble("func f (i32) { }\nfunc __wrap_f (i64) { }"));
        Assert.Contains("function signature mismatch", Assert.Single(link.RunToModule()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrapper_that_is_imported_has_the_type_of_what_it_wraps()
    {
        using BadLink link = new BadLink("--wrap=f", "--allow-undefined")
            .Add("a.o", ObjectText.Assemble("func f (i64) { }\nfunc _start () { i64.const 1 call f }"));
        Assert.Empty(link.RunToModule());
    }

    [Fact]
    public void A_variable_cannot_be_wrapped_by_a_function()
    {
        using BadLink link = new BadLink("--wrap=x")
            .Add("a.o", ObjectText.Assemble("func _start () { i32.const x drop }\ndata .data.x { x: i32 1 }\nfunc __wrap_x () { }"));
        Assert.Contains("symbol type mismatch: __wrap_x", link.RunToError(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_object_tells_the_loader_is_not_passed_on()
    {
        using BadLink link = new BadLink().Add("a.o", ObjectText.Assemble("func _start () { }\ncustom dylink.0 { i8 1 2 3 }"));
        Assert.Empty(link.RunToModule());
    }

    [Fact]
    public void Many_undefined_symbols_take_no_quadratic_time()
    {
        const int Count = 5_000;
        string imports = string.Concat(Enumerable.Range(0, Count).Select(static i => $"import func undefined_function_{i} ()\n"));
        string calls = string.Concat(Enumerable.Range(0, Count).Select(static i => $"call undefined_function_{i}\n"));
        string definitions = string.Concat(Enumerable.Range(0, Count).Select(static i => $"func defined_function_{i} () {{ }}\n"));
        using BadLink link = new BadLink()
            .Add("a.o", ObjectText.Assemble($"{imports}func _start () {{ {calls} }}"))
            .Add("b.o", ObjectText.Assemble(definitions));
        var time = System.Diagnostics.Stopwatch.StartNew();
        Assert.False(link.Run());
        Assert.Equal(Count, link.Diagnostics.Count);
        Assert.True(time.Elapsed < TimeSpan.FromMinutes(1), $"took {time.Elapsed}");
    }

    [Fact]
    public void Messages_about_reserved_names_name_the_file()
    {
        using BadLink link = new BadLink().Add("a.o", ObjectText.Assemble("func _start () { i32.const __indirect_function_table drop }\ndata .data.x { __indirect_function_table: i32 1 }"));
        string error = link.RunToError();
        Assert.Contains("reserved symbol must be of type table", error, StringComparison.Ordinal);
        Assert.Contains("a.o", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Alignment_does_not_fill_the_output_with_padding()
    {
        using BadLink link = new BadLink()
            .Add("a.o", ObjectText.Assemble("func _start () { i32.const x drop i32.const y drop }\ndata .data.x { x: i32 1 }\ndata .data.y align=1073741824 { y: i32 1 }"));
        Assert.Contains("is aligned to 1073741824 bytes", link.RunToError(), StringComparison.Ordinal);
    }

    [Fact]
    public void Code_that_no_engine_accepts_is_refused_with_function_and_offset()
    {
        using BadLink link = new BadLink().Add("a.o", SectionEdit.Assemble("func _start () { f32.const 1 drop }", [0x43, 0, 0, 0x80, 0x3f, 0x1a], [0x43, 0, 0, 0x80, 0x3f, 0x45]));
        string error = link.RunToError();
        Assert.Contains("a.o: function _start is not valid: type mismatch: i32 expected, f32 found (at offset 0x", error, StringComparison.Ordinal);
    }
}
