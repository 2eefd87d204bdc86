using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Blog.Identity.Pages;

/// <summary>
/// One labelled input with its hint above and its error below it, tied together for assistive technology. The first field with an error gets
/// the focus. What was typed stays, except a password.
/// </summary>
[HtmlTargetElement("field", TagStructure = TagStructure.WithoutEndTag)]
public sealed class FieldTagHelper : TagHelper
{
    const string Warning = """<svg class="icon icon-s" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="M10 3.5 17.5 16.5h-15zM10 8.5v3.5M10 14.3h.01"/></svg>""";

    public required string Name { get; set; }
    public required string Label { get; set; }
    public string Type { get; set; } = "text";
    public string? Value { get; set; }
    public string? Hint { get; set; }
    public string? Autocomplete { get; set; }
    public int MaxLength { get; set; }

    /// <summary>Takes the focus when no field has an error.</summary>
    public bool First { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public required ViewContext ViewContext { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var state = ViewContext.ModelState;
        var error = state.TryGetValue(Name, out var entry) ? entry.Errors.FirstOrDefault()?.ErrorMessage : null;
        // Fields are drawn in the order of the page; ModelState has another.
        var takesFocus = state.IsValid ? First : error is not null && ViewContext.HttpContext.Items.TryAdd(typeof(FieldTagHelper), Name);

        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", error is null ? "field" : "field field-error");

        var label = new TagBuilder("label") { Attributes = { ["for"] = Name } };
        label.InnerHtml.Append(Label);
        output.Content.AppendHtml(label);
        if (Hint is not null)
            output.Content.AppendHtml(Paragraph("hint", Name + "-hint", Hint));
        output.Content.AppendHtml(Input(error, takesFocus));
        if (error is not null)
            output.Content.AppendHtml(Paragraph("error", Name + "-error", error, Warning));
    }

    TagBuilder Input(string? error, bool takesFocus)
    {
        var input = new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing, Attributes = { ["class"] = "input", ["id"] = Name, ["name"] = Name, ["type"] = Type, ["required"] = "" } };
        if (Type != "password" && !string.IsNullOrEmpty(Value))
            input.Attributes["value"] = Value;
        if (Autocomplete is not null)
            input.Attributes["autocomplete"] = Autocomplete;
        if (Type == "email" || Name == "handle")
        {
            input.Attributes["autocapitalize"] = "none";
            input.Attributes["spellcheck"] = "false";
        }
        if (MaxLength > 0)
            input.Attributes["maxlength"] = MaxLength.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (takesFocus)
            input.Attributes["autofocus"] = "";
        if (error is not null)
            input.Attributes["aria-invalid"] = "true";
        var described = string.Join(' ', new[] { Hint is null ? null : Name + "-hint", error is null ? null : Name + "-error" }.OfType<string>());
        if (described != "")
            input.Attributes["aria-describedby"] = described;
        return input;
    }

    static TagBuilder Paragraph(string kind, string id, string text, string icon = "")
    {
        var paragraph = new TagBuilder("p") { Attributes = { ["class"] = kind, ["id"] = id } };
        paragraph.InnerHtml.AppendHtml(icon);
        paragraph.InnerHtml.AppendHtml("<span>" + HtmlEncoder.Default.Encode(text) + "</span>");
        return paragraph;
    }
}
